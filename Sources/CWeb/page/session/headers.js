// Headers that were checked here: each shows its own work, and is linked to the tip known.

import { equal, fromBase64, hex, need, PhiError } from '../core/bytes.js';
import { leafHash, rootFrom } from '../core/merkle.js';
import { retryAfter } from '../net/rpc.js';
import { countOf, digestOf, listOf, wordOf, workOf } from './shape.js';

/** Headers held at most; past it the oldest of the line go, and are proved anew when needed. */
const LINE_LIMIT = 20_000;
/** Headers below the tip to begin with: enough for the block that new entries name as seen. */
const BASE = 60;
/** The longest stretch that is walked header by header rather than begun anew. */
const WALK_LIMIT = 2_000;
const PAGE = 500;
/** Pages that are searched backwards for a fork. */
const FORK_PAGES = 4;
/** Headers below the line that are remembered as proved. */
const PROVED_LIMIT = 20_000;

/** What is known of the chain, from one node, and checked. */
export class Headers {
  #rpc;
  #rules;
  #genesis;
  /** Headers from `#line[0]` on without a gap; the last one is the tip. */
  #line = [];
  /** Hashes that were proved to be in the history of a header of the line. */
  #proved = new Set();
  #following = null;

  /** Whether the node's chain shows less work than one that it showed before. */
  isBehind = false;

  constructor(rpc, network) {
    this.#rpc = rpc;
    this.#rules = network.rules;
    this.#genesis = network.genesis;
  }

  get tip() {
    return this.#line.at(-1);
  }

  /** Takes the tip that the node states; its own work is checked, that it is the best is not. */
  async start() {
    const { height } = await this.#stated();
    this.#line = await this.#lineTo(height);
  }

  async #stated() {
    const tip = await this.#rpc.call('chain.tip');
    return {
      block: digestOf(tip, 'block'),
      height: countOf(tip, 'height'),
      work: workOf(tip, 'chainWork'),
    };
  }

  async #lineTo(height) {
    const first = Math.max(0, height - BASE);
    const line = await this.#page(first, height);
    need(line.length === height - first + 1, 'headers.page', 'the node keeps back headers');
    need(
      first > 0 || equal(line[0].hash, this.#genesis.hash),
      'headers.genesis',
      'the node’s chain begins with another block than it states',
    );
    this.#link(line);
    return line;
  }

  #link(line) {
    for (let i = 1; i < line.length; i += 1) this.#rules.follows(line[i - 1], line[i]);
  }

  /** Headers of heights, each with its own work; that they follow each other is not checked. */
  async #page(from, to) {
    const page = await this.#rpc.call('chain.headers', {
      from,
      limit: Math.min(PAGE, to - from + 1),
      form: 'raw',
    });
    return listOf(page, 'headers', PAGE).map((document, index) => {
      const header = this.#rules.decode(fromBase64(wordOf(document, 'raw', 208)));
      need(header.height === from + index, 'headers.page', 'the node mixes up headers');
      return header;
    });
  }

  /**
   * Goes on to the node's tip, back to a fork where there was one.
   *
   * Returns whether it moved, and the height of the fork where blocks were taken back.
   */
  follow() {
    this.#following ??= this.#follow().finally(() => {
      this.#following = null;
    });
    return this.#following;
  }

  async #follow() {
    const still = { moved: false, fork: null };
    const stated = await this.#stated();
    const { tip } = this;
    this.isBehind = stated.work < tip.chainWork;
    if (stated.block === hex(tip.hash) || this.isBehind) return still;
    const fork = stated.height > tip.height + WALK_LIMIT ? null : await this.#fork(stated.height);
    if (fork === null) {
      this.#line = await this.#lineTo(stated.height);
      this.#proved.clear();
      return { moved: true, fork: 0 };
    }
    const added = await this.#walk(this.at(fork), stated.height);
    const last = added.at(-1);
    if (!last || last.chainWork < tip.chainWork) return still;
    this.#line.length = fork - this.#line[0].height + 1;
    this.#line.push(...added);
    if (this.#line.length > LINE_LIMIT) this.#line.splice(0, LINE_LIMIT / 10);
    return { moved: true, fork: fork < tip.height ? fork : null };
  }

  /** The highest height at which the node shows a header of the line; null where it is far. */
  async #fork(height) {
    let top = Math.min(height, this.tip.height);
    const bottom = this.#line[0].height;
    for (let page = 0; page < FORK_PAGES && top >= bottom; page += 1) {
      const from = page === 0 ? top : Math.max(bottom, top - 99);
      const there = await this.#page(from, top);
      for (const header of there.reverse()) {
        if (equal(header.hash, this.at(header.height).hash)) return header.height;
      }
      top = from - 1;
    }
    return null;
  }

  async #walk(parent, height) {
    const added = [];
    let last = parent;
    while (last.height < height) {
      const page = await this.#page(last.height + 1, height);
      if (page.length === 0) break;
      this.#link([last, ...page]);
      added.push(...page);
      last = page.at(-1);
    }
    return added;
  }

  /** The header of the line at a height, if it is held. */
  at(height) {
    return this.#line[height - this.#line[0].height];
  }

  /** Reads a header that came with an entry; its own work is checked. */
  decode(bytes) {
    return this.#rules.decode(bytes);
  }

  /** Whether a header is known to be in the tip's chain. */
  isLinked(header) {
    const held = this.at(header.height);
    if (held) return equal(held.hash, header.hash);
    return this.#proved.has(hex(header.hash));
  }

  /**
   * Links headers to the line, each by the receipt of an entry in it.
   *
   * - wanted: pairs of a header and the id of an entry in it.
   * Returns the headers, as hex, that could not be linked, with the reason.
   */
  async link(wanted) {
    const open = new Map();
    for (const { header, entry } of wanted) {
      if (!this.isLinked(header)) open.set(hex(header.hash), { header, entry });
    }
    if ([...open.values()].some(({ header }) => header.height > this.tip.height)) {
      await this.follow();
    }
    const failed = new Map();
    const bottom = this.#line[0];
    const list = [...open].filter(([hash, { header }]) => {
      if (this.isLinked(header)) return false;
      if (header.height < bottom.height) return true;
      failed.set(hash, 'the block is not in the chain');
      return false;
    });
    const answers = await this.#rpc.callAll(
      list.map(([, { entry }]) => ({
        method: 'entry.receipt',
        params: {
          entry: hex(entry),
          tip: hex(bottom.hash),
          confirmations: 0,
          includePayload: false,
        },
      })),
    );
    answers.forEach(({ result, error }, index) => {
      const [hash, { header }] = list[index];
      // A node that is only slow has not lied.
      if (error && retryAfter(error) !== null) throw error;
      try {
        if (error) throw error;
        this.#takeProof(hash, header, bottom, wordOf(result, 'receipt', 65_536));
      } catch (problem) {
        const isKnown = problem instanceof PhiError;
        failed.set(hash, isKnown ? problem.message : 'the node shows no way to the block');
      }
    });
    return failed;
  }

  #takeProof(hash, header, bottom, receipt) {
    const lines = receipt.split('\n').map((line) => line.split(' '));
    const path = lines
      .filter(([word]) => word === 'hproof')
      .slice(0, 64)
      .map(([, value]) => fromBase64(value ?? ''));
    const root = rootFrom(header.height, bottom.height, leafHash(header.bytes), path);
    need(equal(root, bottom.historyRoot), 'headers.history', 'the block is not in the chain');
    if (this.#proved.size >= PROVED_LIMIT) this.#proved.delete(this.#proved.values().next().value);
    this.#proved.add(hash);
  }
}
