// The entries of a meeting as they were read and judged, in the order of the chain.

import { base64, equal, hex, isZero, need, textOf } from '../core/bytes.js';
import { openTitle } from '../core/content.js';
import { ENVELOPE_BYTES, Kind } from '../core/entry.js';
import { admissionMessage, isSigned } from '../core/signature.js';
import { decodeControl, Writing } from '../core/terms.js';
import { gapBefore, inOrder, itemOf, stranger } from './item.js';
import {
  checkAlone,
  checkBytes,
  checkPlace,
  checkSignature,
  isFalse,
  Mark,
  markOf,
  readDocument,
  reasonOf,
} from './judge.js';
import { cursorOf, listOf } from './shape.js';
import { readContent } from './unsealing.js';

const PAGE = 100;
/** Pages that are read to catch up; whoever was away longer begins anew at the newest. */
const CATCH_UP_PAGES = 10;
/** Items held at most; past it no older ones are loaded, and the oldest go as new ones come. */
export const ITEM_LIMIT = 20_000;
/** Bytes of their payloads at most. */
const BYTE_LIMIT = 64 * 1024 * 1024;

/** Entries by their ids, each with its place, its mark and its content. */
export class Reading {
  #rpc;
  #network;
  #headers;
  #meeting;
  #epochs;
  #terms = null;
  #ordered = null;
  items = new Map();
  /** Where older entries go on: `{ cursor }` or `{ to }` a height; null when all are here. */
  older = undefined;
  /** Keys of the link that have let authors in, from the `open` and the host's `revoke`s. */
  linkKeys = [];
  /** Is told the authors of entries before they are kept, and may look after its own first. */
  heard = async () => {};
  /** What the node said against what it had proved, for the person to know: the last reason. */
  contradiction = null;

  constructor({ rpc, network, headers, meeting, epochs }) {
    this.#rpc = rpc;
    this.#network = network;
    this.#headers = headers;
    this.#meeting = meeting;
    this.#epochs = epochs;
  }

  get isPrivate() {
    return this.#terms?.reading === 1;
  }

  get isWhole() {
    return this.older === null;
  }

  /** The terms, once the `open` was read. */
  get terms() {
    return this.#terms;
  }

  /** Reads the terms out of the `open` that made the meeting; its id is the meeting's name. */
  async readOpen(bytes, { isOwn = false } = {}) {
    const document = {
      envelope: base64(bytes.slice(0, ENVELOPE_BYTES)),
      payload: base64(bytes.slice(ENVELOPE_BYTES)),
      entry: hex(this.#meeting),
    };
    const read = readDocument(document, this.#network, this.#meeting);
    need(read.entry.kind === Kind.open, 'meeting.open', 'this is the name of something else');
    // What this browser made itself has perhaps no stamp yet.
    if (!isOwn) await checkAlone(read, this.#network);
    this.#terms = { ...decodeControl(Kind.open, read.payload), host: read.entry.author };
    this.linkKeys = [this.#terms.linkKey];
    this.open = read;
    return this.#terms;
  }

  /** The title, or null where this browser has not the secret or it is no text. */
  async title() {
    const terms = this.#terms;
    if (!this.isPrivate) return textOf(terms.title);
    const readKey = this.#epochs.readKey(0);
    if (!readKey) return null;
    const { author, sequence } = this.open.entry;
    const sealed = terms.title;
    return openTitle({ salt: terms.salt, readKey, author, sequence, sealed }).catch(() => null);
  }

  /**
   * Reads the newest page, or all that came since; returns the ids that changed.
   *
   * Where more came than is worth catching up with, the older ones are let go and can be loaded.
   */
  async readNewest() {
    const changed = new Set();
    let cursor = null;
    for (let count = 0; count < CATCH_UP_PAGES; count += 1) {
      const page = await this.#page({
        direction: 'backward',
        ...(cursor ? { cursor } : { includePending: true }),
      });
      const known = page.entries.some((document) => this.#isRecorded(document?.entry));
      const isFirst = this.older === undefined;
      for (const id of await this.#take([...page.entries, ...page.pending])) changed.add(id);
      cursor = page.next;
      if (isFirst) this.older = cursor && { cursor };
      if (isFirst || known || !cursor) return [...changed];
    }
    this.#keepOnly(changed);
    this.older = { cursor };
    return [...changed];
  }

  #isRecorded(id) {
    const held = this.items.get(id);
    return held !== undefined && held.height !== null;
  }

  #keepOnly(ids) {
    for (const id of [...this.items.keys()]) if (!ids.has(id)) this.items.delete(id);
    this.#ordered = null;
  }

  /** Reads the page before all that is here; returns the ids that changed. */
  async readOlder() {
    if (!this.older) return [];
    const isFull = this.items.size >= ITEM_LIMIT || this.#bytes >= BYTE_LIMIT;
    need(!isFull, 'reading.full', 'this page holds as much as it can', {
      limit: ITEM_LIMIT,
      found: this.items.size,
      remedy: 'Save the minutes, or read on with an installed client.',
    });
    const page = await this.#page({ direction: 'backward', ...this.older });
    this.older = page.next && { cursor: page.next };
    return this.#take(page.entries);
  }

  async #page(params) {
    const page = await this.#rpc.call('meeting.history', {
      meeting: hex(this.#meeting),
      limit: PAGE,
      proof: true,
      ...params,
    });
    return {
      entries: listOf(page, 'entries'),
      pending: listOf(page, 'pending'),
      next: cursorOf(page),
    };
  }

  /** Judges documents and keeps them. */
  async #take(documents) {
    const items = [];
    for (const document of documents) items.push(await this.judge(document));
    await this.#linkAll(items);
    await this.heard(new Set(items.map(({ author }) => author)));
    const changed = [];
    for (const item of items) if (this.#keep(item)) changed.push(item.id);
    this.#trim();
    this.#checkOrder();
    return changed;
  }

  async #linkAll(items) {
    const wanted = items
      .filter(({ header }) => header && !this.#headers.isLinked(header))
      .map((item) => ({ header: item.header, entry: item.entry.id, item }));
    if (wanted.length === 0) return;
    const failed = await this.#headers.link(wanted);
    for (const { header, item } of wanted) {
      const why = failed.get(hex(header.hash));
      if (why) Object.assign(item, { mark: Mark.changed, why });
    }
  }

  /** Keeps an item, unless what is here already was proved and the new one says otherwise. */
  #keep(item) {
    const held = this.items.get(item.id);
    if (held && !isFalse(held.mark)) {
      const takesBack = item.height === null && held.header && this.#headers.isLinked(held.header);
      if (isFalse(item.mark) || takesBack) {
        if (isFalse(item.mark)) this.contradiction = item.why;
        return false;
      }
      if (held.height !== null && item.height === null) item.isReturned = true;
      item.isReturned ||= held.isReturned && item.height === null;
    }
    this.items.set(item.id, item);
    this.#ordered = null;
    return true;
  }

  /** Lets the oldest go where there are too many. */
  #trim() {
    let bytes = this.#bytes;
    if (this.items.size <= ITEM_LIMIT + PAGE && bytes <= BYTE_LIMIT) return;
    for (const item of [...this.ordered()]) {
      if (this.items.size <= ITEM_LIMIT && bytes <= BYTE_LIMIT) break;
      bytes -= bytesOf(item);
      this.items.delete(item.id);
    }
    this.#ordered = null;
    this.older = { to: this.ordered()[0]?.height ?? 0 };
  }

  get #bytes() {
    let sum = 0;
    for (const item of this.items.values()) sum += bytesOf(item);
    return sum;
  }

  /** Judges one entry without showing it; null where the node does not know it. */
  async prove(id) {
    const [{ result, error }] = await this.#rpc.callAll([
      { method: 'entry.get', params: { entry: id, proof: true } },
    ]);
    if (error) return null;
    const item = await this.judge(result);
    await this.#linkAll([item]);
    return item.id === id && item.mark === Mark.verified ? item : null;
  }

  /** Takes one entry that came live. */
  takeLive(document) {
    return this.#take([document]);
  }

  /** Forgets an entry that waits no longer; what is recorded stays. */
  drop(id) {
    const held = this.items.get(id);
    if (!held || held.height !== null) return false;
    this.#ordered = null;
    return this.items.delete(id);
  }

  /** Takes items out of blocks that are no longer in the chain; returns their ids. */
  takeBack() {
    const back = [];
    for (const item of this.items.values()) {
      if (!item.header || this.#headers.isLinked(item.header)) continue;
      if (item.header.height < this.#headers.tip.height - 2_000) continue;
      Object.assign(item, { height: null, index: null, header: null, isReturned: true });
      if (!isFalse(item.mark)) item.mark = Mark.pending;
      back.push(item.id);
    }
    this.#ordered = null;
    return back;
  }

  /** An item out of a document, with a mark that says what it is worth. */
  async judge(document) {
    let read;
    try {
      read = readDocument(document, this.#network, this.#meeting);
    } catch (error) {
      return stranger(document, error);
    }
    const item = itemOf(read);
    try {
      await checkSignature(read);
      item.isSigned = true;
      if (read.proof || read.status.height !== undefined) {
        item.header = checkPlace(read, this.#headers, this.#network);
        item.height = item.header.height;
        item.index = read.proof.index;
      }
      checkBytes(read, this.#network);
      if (item.header) item.mark = Mark.verified;
      await this.#readContent(item);
      if (item.mark === Mark.pending) await this.#checkWriter(item);
    } catch (error) {
      Object.assign(item, { mark: markOf(error), why: reasonOf(error), content: null });
    }
    return item;
  }

  /** Whoever is in no block yet may be somebody whom nobody let in. */
  async #checkWriter(item) {
    const { writing, host } = this.#terms;
    const { entry } = item;
    if (writing !== Writing.link || equal(entry.author, host) || entry.sequence > 0) return;
    const message = admissionMessage(this.#meeting, entry.author);
    let isAdmitted = false;
    if (entry.kind === Kind.join) {
      for (const key of this.linkKeys) {
        isAdmitted ||= !isZero(key) && (await isSigned(key, message, item.content.admission));
      }
    }
    if (!isAdmitted) Object.assign(item, { mark: Mark.invented, why: 'nobody let this author in' });
  }

  #readContent(item) {
    const { isPrivate } = this;
    return readContent(item, { meeting: this.#meeting, epochs: this.#epochs, isPrivate });
  }

  /** Reads sealed items again, when new secrets have come; returns those that opened. */
  async reread() {
    const opened = [];
    for (const item of this.items.values()) {
      if (!item.isSealed || isFalse(item.mark)) continue;
      await this.#readContent(item);
      if (!item.isSealed) opened.push(item.id);
    }
    return opened;
  }

  /** Forgets everything and reads the newest. */
  async reset() {
    this.items.clear();
    this.#ordered = null;
    this.older = undefined;
    return this.readNewest();
  }

  /** Recorded items by height and index, then waiting ones by author and number. */
  ordered() {
    this.#ordered ??= inOrder(this.items.values());
    return this.#ordered;
  }

  /** Marks entries before which the same author signed others that are not shown. */
  #checkOrder() {
    const byAuthor = new Map();
    for (const item of this.ordered()) {
      // What the author did sign counts, even where the node shows another text or place.
      if (!item.isSigned || item.kind === Kind.open) continue;
      if (!byAuthor.has(item.author)) byAuthor.set(item.author, []);
      byAuthor.get(item.author).push(item);
    }
    for (const items of byAuthor.values()) {
      let before = null;
      for (const item of items.sort((a, b) => a.sequence - b.sequence)) {
        const why = gapBefore(item, before, this.isWhole);
        if (!isFalse(item.mark)) {
          item.mark = why ? Mark.missing : item.height === null ? Mark.pending : Mark.verified;
          item.why = why;
        }
        if (!before || item.sequence > before.sequence) before = item;
      }
    }
  }
}

const bytesOf = ({ entry }) => entry?.payloadBytes ?? 0;
