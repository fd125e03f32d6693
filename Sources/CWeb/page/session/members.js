// Who is in a meeting: the node's list, kept up with the entries that come.

import { hex, isZero } from '../core/bytes.js';
import { Kind } from '../core/entry.js';
import { isFalse } from './judge.js';
import { countOf, cursorOf, digestOf, listOf } from './shape.js';

const PAGE = 500;
/** Members that are held at most; the page says that there are more. */
const LIMIT = 20_000;
/** Control entries that are remembered as followed; the oldest of more are followed once more. */
const FOLLOWED = 2_000;

/** Members by their keys: for show, and as a list of whom to look up. */
export class Members {
  #rpc;
  #meeting;
  #isRead = false;
  /** Heights of control entries after which the list was read, by their ids. */
  #followed = new Map();
  byKey = new Map();
  /** Whether these are all; else there are more than are held. */
  isWhole = true;

  constructor(rpc, meeting) {
    this.#rpc = rpc;
    this.#meeting = meeting;
  }

  /** Reads the whole list. */
  async read() {
    const found = new Map();
    let cursor = null;
    for (let pages = 0; pages < LIMIT / PAGE; pages += 1) {
      const page = await this.#rpc.call('meeting.members', {
        meeting: hex(this.#meeting),
        limit: PAGE,
        ...(cursor ? { cursor } : {}),
      });
      for (const member of listOf(page, 'members')) {
        const { state, hasApproved, agreementKey } = member;
        const author = digestOf(member, 'author');
        const entries = countOf(member, 'entries');
        found.set(author, { author, state, entries, hasApproved, agreementKey });
      }
      cursor = cursorOf(page);
      if (!cursor) break;
    }
    this.byKey = found;
    this.isWhole = !cursor;
    this.#isRead = true;
  }

  /**
   * Keeps up with entries, among them some that were there before. Whoever joined, or wrote where
   * anyone may, is put to the others; the list is read anew where that is not enough, or where
   * others may have come unseen.
   */
  async follow(items, { isUnsure, canAnyoneWrite }) {
    const recorded = items.filter(({ height }) => height !== null);
    const others = recorded.filter(({ kind, mark }) =>
      kind === Kind.join ? isFalse(mark) : kind > Kind.message,
    );
    const isNew = ({ id, height }) => this.#followed.get(id) !== height;
    if (!this.#isRead || isUnsure || others.some(isNew)) {
      await this.read();
    } else {
      const sound = recorded.filter(({ mark }) => !isFalse(mark));
      const joins = sound.filter(({ kind }) => kind === Kind.join);
      // A `join` says more of its author than what came after it.
      for (const item of [...joins, ...(canAnyoneWrite ? sound : [])]) this.#add(item);
    }
    for (const { id, height } of others) this.#remember(id, height);
  }

  #add(item) {
    if (this.byKey.has(item.author)) return;
    if (this.byKey.size >= LIMIT) this.isWhole = false;
    else this.byKey.set(item.author, memberOf(item));
  }

  #remember(id, height) {
    this.#followed.delete(id);
    this.#followed.set(id, height);
    if (this.#followed.size > FOLLOWED) this.#followed.delete(this.#followed.keys().next().value);
  }
}

const memberOf = ({ author, kind, content }) => ({
  author,
  state: 'member',
  entries: 1,
  hasApproved: false,
  agreementKey:
    kind !== Kind.join || isZero(content.agreement) ? undefined : hex(content.agreement),
});
