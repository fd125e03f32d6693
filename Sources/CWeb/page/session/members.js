// Who is in a meeting: the node's list, kept up with the entries that come.

import { hex, isZero } from '../core/bytes.js';
import { Kind } from '../core/entry.js';
import { isFalse } from './judge.js';
import { countOf, cursorOf, digestOf, listOf } from './shape.js';

const PAGE = 500;
/** Members that are held at most; the page says that there are more. */
const LIMIT = 20_000;

/** Members by their keys: for show, and as a list of whom to look up. */
export class Members {
  #rpc;
  #meeting;
  #isRead = false;
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
   * Keeps up with entries that came. Whoever joined is put to the others; the list is read anew
   * where that is not enough, or where others may have come unseen.
   */
  async follow(items, isUnsure) {
    const controls = items.filter(({ kind, height }) => kind > Kind.message && height !== null);
    const isJoin = ({ kind, mark }) => kind === Kind.join && !isFalse(mark);
    if (!this.#isRead || isUnsure || !controls.every(isJoin)) {
      await this.read();
      return;
    }
    for (const { author, content } of controls) {
      if (this.byKey.has(author)) continue;
      if (this.byKey.size >= LIMIT) this.isWhole = false;
      else this.byKey.set(author, memberOf(author, content));
    }
  }
}

const memberOf = (author, { agreement }) => ({
  author,
  state: 'member',
  entries: 1,
  hasApproved: false,
  agreementKey: isZero(agreement) ? undefined : hex(agreement),
});
