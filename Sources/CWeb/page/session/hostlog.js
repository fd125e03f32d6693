// What the host wrote: the terms as they changed, the epochs, and who was let in and shut out.
//
// All of it decides who may read, so none of it is taken from the node's summaries: every entry of
// the host is read, without a gap, and each is shown to be in the chain.

import { equal, hex, isZero, need } from '../core/bytes.js';
import { Kind } from '../core/entry.js';
import { decodeControl } from '../core/terms.js';
import { checkAlone, checkPlace, readDocument } from './judge.js';
import { cursorOf, listOf } from './shape.js';

const PAGE = 100;
const PAGE_LIMIT = 400;
/** Messages of the host that this browser could not open, kept until a secret opens them. */
const DELIVERY_LIMIT = 4_096;

/** The host's entries in a meeting, read from the first on. */
export class HostLog {
  #rpc;
  #network;
  #headers;
  #meeting;
  #terms;
  #next;
  #last;
  #header;

  constructor({ rpc, network, headers, meeting, terms }) {
    this.#rpc = rpc;
    this.#network = network;
    this.#headers = headers;
    this.#meeting = meeting;
    this.#terms = terms;
    this.#clear();
  }

  #clear() {
    this.#next = 0;
    this.#last = new Uint8Array(32);
    this.#header = null;
    /** The read checks of all epochs, in order. */
    this.checks = [this.#terms.readCheck];
    /** The keys that let people in by link, in order; the last is in force, zero admits nobody. */
    this.linkKeys = [this.#terms.linkKey];
    this.revoked = new Set();
    this.admitted = new Set();
    this.close = null;
    /** Messages that may deliver secrets: `{ entry, payload }`. */
    this.deliveries = [];
  }

  get linkKey() {
    return this.linkKeys.at(-1);
  }

  /** Reads what the host wrote since; whether there was anything. */
  async read() {
    if (this.#header && !this.#headers.isLinked(this.#header)) this.#clear();
    let cursor = null;
    const before = this.#next;
    for (let count = 0; ; count += 1) {
      need(count < PAGE_LIMIT, 'host.long', 'the host wrote more than this page can read', {
        limit: PAGE * PAGE_LIMIT,
        remedy: 'Read this meeting with an installed client.',
      });
      const page = await this.#rpc.call('author.history', {
        author: hex(this.#terms.host),
        meeting: hex(this.#meeting),
        limit: PAGE,
        proof: true,
        ...(cursor ? { cursor } : { from: this.#header?.height ?? 0 }),
      });
      await this.#take(listOf(page, 'entries'));
      cursor = cursorOf(page);
      if (!cursor) return this.#next > before;
    }
  }

  async #take(documents) {
    const reads = [];
    for (const document of documents) {
      const read = readDocument(document, this.#network, this.#meeting);
      if (read.entry.kind === Kind.open) continue;
      await checkAlone(read, this.#network);
      need(equal(read.entry.author, this.#terms.host), 'host.other', 'the node mixes up authors');
      reads.push({ ...read, header: checkPlace(read, this.#headers, this.#network) });
    }
    const failed = await this.#headers.link(
      reads.map(({ entry, header }) => ({ entry: entry.id, header })),
    );
    for (const [, why] of failed) need(false, 'host.place', why);
    for (const read of reads) this.#fold(read);
  }

  #fold({ entry, payload, header }) {
    if (entry.sequence < this.#next) return;
    need(
      entry.sequence === this.#next && equal(entry.previous, this.#last),
      'host.gap',
      'the node keeps back what the host wrote',
      {
        limit: this.#next,
        found: entry.sequence,
        remedy: 'Open the meeting through another node before you write or share its link.',
      },
    );
    this.#next = entry.sequence + 1;
    this.#last = entry.id;
    this.#header = header;
    if (entry.kind === Kind.message) {
      if (this.deliveries.length === DELIVERY_LIMIT) this.deliveries.shift();
      if (payload) this.deliveries.push({ entry, payload });
      return;
    }
    const fields = decodeControl(entry.kind, payload);
    if (entry.kind === Kind.admit) for (const key of fields.keys) this.admitted.add(hex(key));
    if (entry.kind === Kind.close) this.close = entry.id;
    if (entry.kind !== Kind.revoke) return;
    for (const key of fields.keys) this.revoked.add(hex(key));
    this.linkKeys.push(fields.linkKey);
    if (!isZero(fields.readCheck)) this.checks.push(fields.readCheck);
  }
}
