// Headers that were checked here: each shows its own work, and is linked to the tip known.

import { equal, fromBase64, hex, need } from '../core/bytes.js';
import { leafHash, rootFrom } from '../core/merkle.js';

/** Headers held at most; past it the oldest of the line go, and are proved anew when needed. */
const LINE_LIMIT = 20_000;
/** The longest stretch that is walked header by header rather than proved in one step. */
const WALK_LIMIT = 2_000;
const PAGE = 500;

/** What is known of the chain, from one node, and checked. */
export class Headers {
  #rpc;
  #rules;
  /** Headers from `#line[0]` on without a gap; the last one is the tip. */
  #line = [];
  /** Hashes that were proved to be in the history of a header of the line. */
  #proved = new Map();

  constructor(rpc, network) {
    this.#rpc = rpc;
    this.#rules = network.rules;
  }

  get tip() {
    return this.#line.at(-1);
  }

  /** Takes the tip that the node states; its own work is checked, that it is the best is not. */
  async start() {
    const { height } = await this.#rpc.call('chain.tip');
    this.#line = [await this.#fetch(height)];
  }

  async #fetch(block) {
    const { raw } = await this.#rpc.call('chain.header', { block, form: 'raw' });
    return this.#rules.decode(fromBase64(raw));
  }

  /** Goes on to the node's tip, back to a fork where there was one. Returns whether it moved. */
  async follow() {
    const stated = await this.#rpc.call('chain.tip');
    if (stated.block === hex(this.tip.hash)) return false;
    if (stated.height > this.tip.height + WALK_LIMIT) {
      await this.start();
      this.#proved.clear();
      return true;
    }
    let from = this.tip.height;
    for (;;) {
      const held = this.#line[from - this.#line[0].height];
      if (!held || from === 0) {
        await this.start();
        this.#proved.clear();
        return true;
      }
      const there = from > stated.height ? null : await this.#fetch(from);
      if (there && equal(there.hash, held.hash)) break;
      this.#line.length -= 1;
      this.#proved.clear();
      if (this.#line.length === 0) {
        await this.start();
        return true;
      }
      from -= 1;
    }
    await this.#walk(stated.height);
    return true;
  }

  async #walk(height) {
    while (this.tip.height < height) {
      const page = await this.#rpc.call('chain.headers', {
        from: this.tip.height + 1,
        limit: Math.min(PAGE, height - this.tip.height),
        form: 'raw',
      });
      if (page.headers.length === 0) return;
      for (const { raw } of page.headers) this.push(this.#rules.decode(fromBase64(raw)));
    }
  }

  /** Takes the next header, which must follow the tip in every respect. */
  push(header) {
    this.#rules.follows(this.tip, header);
    this.#line.push(header);
    if (this.#line.length > LINE_LIMIT) this.#line.splice(0, LINE_LIMIT / 10);
  }

  /** Takes the tip back, when the node says that it did. */
  pop(hash) {
    if (this.#line.length < 2 || hex(this.tip.hash) !== hash) return false;
    this.#line.pop();
    this.#proved.clear();
    return true;
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
    const failed = new Map();
    const list = [...open.values()].filter(({ header }) => {
      if (!this.at(header.height)) return true;
      failed.set(hex(header.hash), 'the block is not in the chain');
      return false;
    });
    const anchor = this.#line[0];
    const answers = await this.#rpc.callAll(
      list.map(({ entry }) => ({
        method: 'entry.receipt',
        params: {
          entry: hex(entry),
          tip: hex(anchor.hash),
          confirmations: 0,
          includePayload: false,
        },
      })),
    );
    answers.forEach(({ result, error }, index) => {
      const { header } = list[index];
      try {
        if (error) throw error;
        this.#takeProof(header, anchor, result.receipt);
      } catch (problem) {
        failed.set(hex(header.hash), problem.message);
      }
    });
    return failed;
  }

  #takeProof(header, anchor, receipt) {
    const lines = receipt.split('\n').map((line) => line.split(' '));
    const path = lines.filter(([word]) => word === 'hproof').map(([, value]) => fromBase64(value));
    const root = rootFrom(header.height, anchor.height, leafHash(header.bytes), path);
    need(equal(root, anchor.historyRoot), 'headers.history', 'the block is not in the chain');
    this.#proved.set(hex(header.hash), anchor.height);
  }
}
