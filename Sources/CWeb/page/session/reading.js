// The entries of a meeting as they were read and judged, in the order of the chain.

import { base64, equal, fromBase64, hex, textOf } from '../core/bytes.js';
import { ContentType, decodeContent, openMessage, openTitle, splitPayload } from '../core/content.js';
import { ENVELOPE_BYTES, Kind } from '../core/entry.js';
import { isSigned, profileMessage } from '../core/signature.js';
import { decodeControl } from '../core/terms.js';
import { checkAlone, checkPlace, Mark, readDocument, reasonOf } from './judge.js';

const PAGE = 100;

/** Entries by their ids, each with its place, its mark and its content. */
export class Reading {
  #rpc;
  #network;
  #headers;
  #meeting;
  #epochs;
  #terms = null;
  items = new Map();
  /** Where older entries go on, or null when the beginning is here. */
  older = undefined;

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
  async readOpen(raw) {
    const bytes = fromBase64(raw);
    const document = {
      envelope: base64(bytes.slice(0, ENVELOPE_BYTES)),
      payload: base64(bytes.slice(ENVELOPE_BYTES)),
      entry: hex(this.#meeting),
    };
    const read = readDocument(document, this.#network, this.#meeting);
    await checkAlone(read, this.#network);
    this.#terms = { ...decodeControl(Kind.open, read.payload), host: read.entry.author };
    this.open = read;
    return this.#terms;
  }

  /** The title, or null where this browser has not the secret. */
  async title() {
    const { terms, open } = { terms: this.#terms, open: this.open };
    if (!this.isPrivate) return textOf(terms.title);
    const readKey = this.#epochs.readKey(0);
    if (!readKey) return null;
    const { author, sequence } = open.entry;
    return openTitle({ salt: terms.salt, readKey, author, sequence, sealed: terms.title });
  }

  /** Reads the newest page, or what came since; returns the ids that changed. */
  async readNewest() {
    const page = await this.#page({ direction: 'backward', includePending: true });
    if (this.older === undefined) this.older = page.next;
    return this.#take([...page.entries, ...page.pending]);
  }

  /** Reads the page before all that is here; returns the ids that changed. */
  async readOlder() {
    if (!this.older) return [];
    const page = await this.#page({ direction: 'backward', cursor: this.older });
    this.older = page.next;
    return this.#take(page.entries);
  }

  #page(params) {
    return this.#rpc.call('meeting.history', {
      meeting: hex(this.#meeting),
      limit: PAGE,
      proof: true,
      ...params,
    });
  }

  /** The host's own entries, oldest first: they make the epochs. */
  async hostEntries() {
    const found = [];
    let cursor;
    do {
      const page = await this.#rpc.call('author.history', {
        author: hex(this.#terms.host),
        meeting: hex(this.#meeting),
        limit: 500,
        proof: true,
        ...(cursor ? { cursor } : {}),
      });
      found.push(...page.entries);
      cursor = page.next;
    } while (cursor);
    const reads = [];
    for (const document of found) {
      const read = readDocument(document, this.#network, this.#meeting);
      await checkAlone(read, this.#network);
      checkPlace(read, this.#headers);
      reads.push(read);
    }
    return reads;
  }

  /** Judges documents and keeps them. */
  async #take(documents) {
    const changed = [];
    const toLink = [];
    for (const document of documents) {
      const item = await this.judge(document);
      if (!item) continue;
      if (item.header && !this.#headers.isLinked(item.header)) {
        toLink.push({ header: item.header, entry: item.entry.id, item });
      }
      this.items.set(item.id, item);
      changed.push(item.id);
    }
    if (toLink.length > 0) {
      const failed = await this.#headers.link(toLink);
      for (const { header, item } of toLink) {
        const why = failed.get(hex(header.hash));
        if (why) Object.assign(item, { mark: Mark.changed, why });
      }
    }
    this.checkOrder();
    return changed;
  }

  /** Takes one entry that came live. */
  takeLive(document) {
    return this.#take([document]);
  }

  /** An item out of a document; a document that is no entry of this meeting is left out. */
  async judge(document) {
    let read;
    try {
      read = readDocument(document, this.#network, this.#meeting);
    } catch (error) {
      return this.#stranger(document, reasonOf(error));
    }
    const item = {
      id: hex(read.entry.id),
      entry: read.entry,
      payload: read.payload,
      kind: read.entry.kind,
      author: hex(read.entry.author),
      sequence: read.entry.sequence,
      time: read.entry.authorTime,
      status: document.status?.status ?? 'unknown',
      height: document.status?.height ?? null,
      index: document.status?.index ?? null,
      header: null,
      mark: Mark.pending,
      why: null,
      content: null,
      isSealed: false,
    };
    try {
      await checkAlone(read, this.#network);
      if (item.height !== null) {
        item.header = checkPlace(read, this.#headers);
        item.mark = Mark.verified;
      }
    } catch (error) {
      item.mark = Mark.changed;
      item.why = reasonOf(error);
      return item;
    }
    await this.#read(item);
    return item;
  }

  #stranger(document, why) {
    return {
      id: String(document.entry),
      author: '',
      sequence: -1,
      kind: 0,
      time: 0,
      status: 'unknown',
      height: document.status?.height ?? null,
      index: document.status?.index ?? null,
      header: null,
      mark: Mark.changed,
      why,
      content: null,
      isSealed: false,
    };
  }

  /** Reads the content of a sound item, as far as this browser has the secret. */
  async #read(item) {
    const { entry, payload } = item;
    if (!payload) return;
    try {
      if (entry.kind !== Kind.message) {
        item.content = decodeControl(entry.kind, payload);
        return;
      }
      const { salt, epoch, body } = splitPayload(payload, this.isPrivate);
      if (!this.isPrivate) {
        item.content = await this.#checked(decodeContent(body), entry);
        return;
      }
      item.epoch = epoch;
      const readKey = this.#epochs.readKey(epoch);
      item.isSealed = true;
      if (!readKey) return;
      const { author, sequence } = entry;
      const plain = await openMessage({
        salt,
        body,
        readKey,
        meeting: this.#meeting,
        author,
        sequence,
      });
      if (!plain) return;
      item.isSealed = false;
      item.content = await this.#checked(decodeContent(plain), entry);
    } catch {
      item.content = null;
      item.isUnreadable = true;
    }
  }

  async #checked(content, entry) {
    if (content.type === ContentType.profile && content.identity) {
      const message = profileMessage(this.#meeting, entry.author);
      const isTrue = await isSigned(content.identity, message, content.signature);
      return { ...content, isIdentityProved: isTrue };
    }
    return content;
  }

  /** Reads sealed items again, when new secrets have come; returns those that opened. */
  async reread() {
    const opened = [];
    for (const item of this.items.values()) {
      if (!item.isSealed || item.mark === Mark.changed) continue;
      await this.#read(item);
      if (!item.isSealed) opened.push(item.id);
    }
    return opened;
  }

  /** Puts all waiting and returned entries where they belong after a reorganization. */
  async reset() {
    this.items.clear();
    this.older = undefined;
    return this.readNewest();
  }

  /** Recorded items by height and index, then waiting ones by author and number. */
  ordered() {
    return [...this.items.values()].sort(byPlace);
  }

  /** Marks entries before which the same author signed others that are not shown. */
  checkOrder() {
    const last = new Map();
    for (const item of this.ordered()) {
      if (item.kind === 0 || item.kind === Kind.open) continue;
      if (item.mark === Mark.changed) continue;
      const before = last.get(item.author);
      const isFirst = !before && this.isWhole;
      const expected = before ? before.sequence + 1 : isFirst ? 0 : item.sequence;
      const follows =
        item.sequence === expected &&
        (!before || equal(item.entry.previous, before.entry.id));
      if (!follows && item.sequence >= expected) {
        item.mark = Mark.missing;
        const count = item.sequence - expected;
        item.why =
          count > 0
            ? `the node does not show ${count} earlier ${count === 1 ? 'entry' : 'entries'} of this author`
            : 'the author signed another entry before this one than the node shows';
      } else if (item.mark === Mark.missing) {
        item.mark = item.height === null ? Mark.pending : Mark.verified;
        item.why = null;
      }
      last.set(item.author, item);
    }
  }
}

function byPlace(a, b) {
  if (a.height === null || b.height === null) {
    if (a.height !== b.height) return a.height === null ? 1 : -1;
    return a.author === b.author ? a.sequence - b.sequence : a.time - b.time;
  }
  return a.height - b.height || a.index - b.index;
}
