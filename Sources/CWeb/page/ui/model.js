// From the entries of a meeting to the rows that a person sees.

import { hex } from '../core/bytes.js';
import { ContentType } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { dayKey } from './format.js';
import { cleanName, namesOf } from './names.js';
import { words } from './words.js';

/** Messages of one author so near to each other stand under one name. */
const TOGETHER = 5 * 60_000;
/** An author's clock is believed so far from the block's. */
const BELIEVED = 6 * 3_600_000;

/** When an item was said: by its author, unless the block says that this cannot be. */
function timeOf(item) {
  const block = item.header ? Number(item.header.time) : null;
  const own = Number(item.time);
  return block !== null && Math.abs(own - block) > BELIEVED ? block : own;
}

/** A name within a sentence: its direction ends with it. */
const apart = (name) => `\u2068${name}\u2069`;

/** What a corrected message said before, the oldest first. */
function versionsOf({ content, corrections, time }) {
  if (!corrections?.length) return [];
  return [{ text: content?.text ?? null, time }, ...corrections.slice(0, -1)];
}

/** Rows, people and what belongs to each message. */
export class Model {
  #session;
  rows = [];
  people = new Map();
  names = new Map();
  /** What is shown, by key: messages and notices. */
  entries = new Map();
  byID = new Map();
  /** Entries of others in the order of the chain, to count what is new. */
  order = [];

  constructor(session) {
    this.#session = session;
  }

  nameOf(key) {
    return this.names.get(key) ?? words.nameless(key.slice(0, 4));
  }

  /** Reads the session anew. `unreadAfter` is the key after which all is new, or null. */
  update(unreadAfter) {
    const session = this.#session;
    this.people = session.people;
    this.names = namesOf(this.people);
    const items = session.items;
    const before = this.entries;
    this.entries = new Map();
    this.byID = new Map();
    const called = new Map();
    for (const item of items) {
      const entry = this.#entryOf(item, called);
      if (!entry) continue;
      entry.isNew = !before.has(entry.key);
      this.entries.set(entry.key, entry);
      this.byID.set(item.id, entry);
    }
    this.#makeRows(unreadAfter);
  }

  /** An item as it is shown by itself, or null for one that changes another or is not shown. */
  #entryOf(item, called) {
    const { content } = item;
    const entry = {
      key: item.key ?? item.id,
      item,
      author: item.author,
      isMine: item.isMine ?? false,
      time: timeOf(item),
      type: 'message',
      reactions: new Map(),
      versions: versionsOf(item),
      text: null,
      quote: item.replyTo ?? null,
      takesFocus: true,
    };
    if (item.kind === Kind.message) {
      switch (content?.type) {
        case ContentType.reply:
        case ContentType.text:
          entry.text = item.text ?? content.text;
          for (const { text, authors } of item.reactions ?? []) {
            const sign = cleanSign(text);
            if (sign) entry.reactions.set(sign, new Set([...(entry.reactions.get(sign) ?? []), ...authors]));
          }
          return entry;
        case ContentType.reaction:
        case ContentType.correction:
          return ['changed', 'invented'].includes(item.mark) ? entry : null;
        case ContentType.epoch:
          return null;
        case ContentType.profile:
          return this.#profile(entry, called);
        default:
          return entry;
      }
    }
    if (item.kind === 0) return entry;
    return this.#control(entry, called);
  }

  #profile(entry, called) {
    const key = entry.item.author;
    const name = cleanName(entry.item.content.name);
    const before = called.get(key);
    called.set(key, name);
    if (before === name) return null;
    const { notices } = words;
    // Where older entries are not loaded, a profile says nothing new.
    if (before === undefined && entry.item.sequence > 0 && key !== this.#session.host) return null;
    if (before === undefined && key === this.#session.host) return null;
    entry.type = 'notice';
    entry.notice = before
      ? notices.renamed(apart(before), apart(name || this.nameOf(key)))
      : notices.joined(apart(this.nameOf(key)));
    return entry;
  }

  #control(entry, called) {
    const { notices } = words;
    const { kind, author, content } = entry.item;
    const name = apart(this.nameOf(author));
    const who = (keys) =>
      keys.length <= 3 ? keys.map((key) => apart(this.nameOf(hex(key)))).join(', ') : notices.people(keys.length);
    entry.type = 'notice';
    switch (kind) {
      case Kind.open:
        entry.notice = entry.item.height === null && entry.isMine
          ? notices.opening
          : notices.opened(name);
        break;
      case Kind.join:
        if (!called.has(author)) called.set(author, cleanName(this.people.get(author)?.name));
        entry.notice = entry.item.height === null && entry.isMine ? notices.joining : notices.joined(name);
        break;
      case Kind.admit:
        entry.notice = notices.admitted(content?.keys ? who(content.keys) : '…');
        break;
      case Kind.revoke: {
        const keys = content?.keys ?? [];
        const hasEpoch = content?.readCheck?.some((byte) => byte !== 0);
        if (keys.length === 0) entry.notice = notices.rekeyed;
        else entry.notice = hasEpoch ? notices.revokedEpoch(who(keys)) : notices.revoked(who(keys));
        break;
      }
      case Kind.close:
        entry.notice = notices.closed;
        break;
      case Kind.approve:
        entry.notice = notices.approved(name);
        break;
      default:
        entry.notice = `${name} · ${kind}`;
    }
    return entry;
  }

  #makeRows(unreadAfter) {
    const first = this.isWhole ? 'start' : 'older';
    const rows = [{ key: first, type: first, estimate: 120 }];
    let last = null;
    let day = '';
    let isPast = unreadAfter === null;
    let isMarked = unreadAfter === null;
    this.order = [];
    for (const entry of this.entries.values()) {
      const today = dayKey(entry.time);
      if (today !== day) {
        rows.push({ key: `day ${today} ${entry.key}`, type: 'day', time: entry.time, estimate: 44 });
        day = today;
        last = null;
      }
      if (isPast && !isMarked && !entry.isMine && entry.type === 'message') {
        rows.push({ key: 'unread', type: 'unread', estimate: 34 });
        isMarked = true;
        last = null;
      }
      entry.isGrouped =
        entry.type === 'message' &&
        last?.type === 'message' &&
        last.author === entry.author &&
        !entry.quote &&
        Math.abs(entry.time - last.time) < TOGETHER;
      entry.estimate = estimateOf(entry);
      rows.push(entry);
      this.order.push(entry);
      if (entry.item.id === unreadAfter) isPast = true;
      last = entry;
    }
    this.rows = rows;
    this.hasMessages = this.order.some(({ type }) => type === 'message');
  }
}

/** A sign of a reaction as it can be shown: short and on one line. */
function cleanSign(text) {
  const sign = (text ?? '').replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '').trim();
  return Array.from(sign).slice(0, 12).join('');
}

/** A guess at a height, until it was measured. */
function estimateOf(entry) {
  if (entry.type === 'notice') return 34;
  const lines = Math.ceil((entry.text?.length ?? 40) / 70);
  return (entry.isGrouped ? 6 : 34) + lines * 23 + (entry.quote ? 40 : 0) + (entry.reactions.size ? 36 : 0);
}
