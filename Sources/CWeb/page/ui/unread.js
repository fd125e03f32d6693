// What a person has not seen yet: where it begins, and how much of it came meanwhile.

import { keep, kept } from './known.js';

/** The mark between what was read and what is new, kept for the next time. */
export class Unread {
  #name;
  #model;
  #lastSeen;
  /** The id after which everything is new, or null. */
  after;
  /** How many messages came since the end was last in view. */
  fresh = 0;

  constructor(meeting, model) {
    this.#name = `read/${meeting}`;
    this.#model = model;
    this.after = kept(this.#name) || null;
    this.#lastSeen = this.after ?? '';
  }

  /** Takes the mark away where all was read, or where nothing was read yet; whether it did. */
  isNothing() {
    if (this.after === null || this.#model.order.at(-1)?.item.id !== this.after) return false;
    this.after = null;
    return true;
  }

  /** Counts what came while the end was not in view; whether the mark came with it. */
  add(count) {
    this.fresh += count;
    if (this.after !== null || !this.#lastSeen) return false;
    this.after = this.#lastSeen;
    return true;
  }

  /** Who answers has read. */
  read() {
    this.after = null;
  }

  /** Takes down that the end is in view. */
  look() {
    this.fresh = 0;
    const last = this.#model.order.findLast(({ item }) => item.entry || item.height !== null);
    if (!last || last.item.id === this.#lastSeen) return;
    this.#lastSeen = last.item.id;
    keep(this.#name, last.item.id);
  }
}
