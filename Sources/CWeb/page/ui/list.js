// A long list of which only what is near the window is in the document.
//
// Rows have measured heights, or estimated ones until they were shown. Whatever changes above, the
// row at the top edge stays where it is; at the end the list stays at the end.

import { h } from './dom.js';

const MARGIN = 500;
const END = 48;
const MOST = 90;
const START = 600;

/** Tab passes a row by, but leads to what can be pressed in the one that has the focus. */
function reach(row, index) {
  for (const part of row?.querySelectorAll('button, a') ?? []) part.tabIndex = index;
}

/** Rows are `{ key, estimate }`; `versionOf(row)` tells whether a shown row must be made anew. */
export class PhiList extends HTMLElement {
  #rows = [];
  #places = new Map();
  #offsets = new Float64Array(1);
  #heights = new Map();
  #shown = new Map();
  #first = 0;
  #last = 0;
  #isPinned = true;
  #width = 0;
  #frame = 0;
  #top = h('div', { 'aria-hidden': 'true' });
  #content = h('div', { class: 'rows' });
  #bottom = h('div', { 'aria-hidden': 'true' });
  #watch = new ResizeObserver(() => this.#later());
  render = () => h('div');
  versionOf = () => '';

  connectedCallback() {
    if (this.#top.isConnected) return;
    this.append(this.#top, this.#content, this.#bottom);
    this.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.addEventListener('keydown', (event) => this.#pressed(event));
    this.addEventListener('focusin', ({ target }) => reach(target.closest('[data-key]'), 0));
    this.addEventListener('focusout', ({ target }) => reach(target.closest('[data-key]'), -1));
    this.#watch.observe(this);
  }

  disconnectedCallback() {
    this.#watch.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  get rows() {
    return this.#rows;
  }

  /** Whether the newest row is in view. */
  get isAtEnd() {
    return this.scrollHeight - this.scrollTop - this.clientHeight < END;
  }

  /** Shows other rows; the eye stays where it was. */
  set rows(rows) {
    const anchor = this.#anchor();
    this.#rows = rows;
    this.#places = new Map(rows.map(({ key }, index) => [key, index]));
    this.#layOut(anchor);
  }

  /** The shown element of a row, or null. */
  elementOf(key) {
    return this.#shown.get(key)?.element ?? null;
  }

  /** Makes shown rows anew whose versions changed. */
  refresh() {
    this.#layOut(this.#anchor());
  }

  scrollToEnd() {
    this.#isPinned = true;
    this.#layOut(null);
    this.#told();
  }

  /** Brings a row into view, a third from the top. */
  scrollToKey(key, { takesFocus = false } = {}) {
    const index = this.#places.get(key);
    if (index === undefined) return false;
    this.#isPinned = false;
    this.#layOut({ key, offset: Math.round(this.clientHeight / 3) });
    const element = this.elementOf(key);
    if (takesFocus) element?.focus({ preventScroll: true });
    element?.classList.add('flash');
    setTimeout(() => element?.classList.remove('flash'), 1_600);
    return true;
  }

  /** The first row in view and where its top is, or null at the end. */
  #anchor() {
    if (this.#isPinned) return null;
    const top = this.scrollTop;
    const index = Math.min(this.#rows.length - 1, this.#indexAt(top));
    if (index < 0) return null;
    return { key: this.#rows[index].key, offset: this.#offsets[index] - top };
  }

  /** The row that covers a height. */
  #indexAt(height) {
    let low = 0;
    let high = this.#rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#offsets[middle] <= height) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #measureUp() {
    const rows = this.#rows;
    if (this.#offsets.length !== rows.length + 1) {
      this.#offsets = new Float64Array(rows.length + 1);
    }
    let sum = 0;
    for (let i = 0; i < rows.length; i += 1) {
      this.#offsets[i] = sum;
      sum += this.#heights.get(rows[i].key) ?? rows[i].estimate;
    }
    this.#offsets[rows.length] = sum;
  }

  /** Where the window must begin for an anchor. */
  #topFor(anchor) {
    const whole = this.#offsets[this.#rows.length];
    const most = Math.max(0, whole - this.clientHeight);
    if (!anchor) return most;
    const index = this.#places.get(anchor.key);
    if (index === undefined) return Math.min(most, this.scrollTop);
    return Math.max(0, Math.min(most, this.#offsets[index] - anchor.offset));
  }

  #layOut(anchor) {
    if (this.clientHeight === 0) return;
    this.#measureUp();
    // Measured heights move the window; two or three rounds settle it.
    for (let round = 0; round < 4; round += 1) {
      const top = this.#topFor(anchor);
      this.#first = this.#indexAt(top - MARGIN);
      const end = this.#indexAt(top + this.clientHeight + MARGIN) + 1;
      this.#last = Math.min(this.#rows.length, end, this.#first + MOST);
      this.#show();
      const didChange = this.#measure();
      this.#measureUp();
      this.#space();
      if (!didChange) break;
    }
    const top = this.#topFor(anchor);
    if (Math.abs(this.scrollTop - top) >= 1) this.scrollTop = top;
  }

  #space() {
    const whole = this.#offsets[this.#rows.length];
    this.#top.style.height = `${this.#offsets[this.#first]}px`;
    this.#bottom.style.height = `${whole - this.#offsets[this.#last]}px`;
  }

  /** Puts the rows of the window into the document, using again what is there. */
  #show() {
    const rows = this.#rows.slice(this.#first, this.#last);
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, { element }] of this.#shown) {
      if (keys.has(key)) continue;
      if (element.contains(document.activeElement)) this.focus({ preventScroll: true });
      this.#watch.unobserve(element);
      element.remove();
      this.#shown.delete(key);
    }
    let before = null;
    for (const [index, row] of rows.entries()) {
      const element = this.#elementFor(row, this.#first + index);
      const next = before ? before.nextSibling : this.#content.firstChild;
      if (element !== next) this.#content.insertBefore(element, next);
      before = element;
    }
  }

  #elementFor(row, index) {
    const version = this.versionOf(row);
    const shown = this.#shown.get(row.key);
    if (shown && shown.version === version) {
      if (shown.element.hasAttribute('aria-posinset')) this.#number(shown.element, index);
      return shown.element;
    }
    const element = this.render(row);
    reach(element, -1);
    if (element.getAttribute('role') === 'article') this.#number(element, index);
    if (shown) {
      // A row that is made anew keeps the focus that was in it.
      const { activeElement } = document;
      const part = shown.element.contains(activeElement)
        ? (activeElement.dataset.part ?? '')
        : null;
      this.#watch.unobserve(shown.element);
      shown.element.replaceWith(element);
      if (part !== null) {
        const same = part && element.querySelector(`[data-part="${part}"]`);
        (same || element).focus({ preventScroll: true });
      }
    }
    this.#watch.observe(element);
    this.#shown.set(row.key, { element, version });
    return element;
  }

  #number(element, index) {
    element.setAttribute('aria-posinset', index + 1);
    element.setAttribute('aria-setsize', this.#rows.length);
  }

  /** Takes the heights of shown rows; whether any is another than was thought. */
  #measure() {
    let didChange = false;
    if (this.#width !== this.clientWidth) {
      this.#width = this.clientWidth;
      this.#heights.clear();
      didChange = true;
    }
    for (const [key, { element }] of this.#shown) {
      const { height } = element.getBoundingClientRect();
      if (Math.abs((this.#heights.get(key) ?? -1) - height) < 0.5) continue;
      this.#heights.set(key, height);
      didChange = true;
    }
    return didChange;
  }

  #later() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#layOut(this.#anchor()));
  }

  #scrolled() {
    this.#isPinned = this.isAtEnd;
    const top = this.scrollTop;
    const hasRoom =
      (this.#first === 0 || this.#offsets[this.#first] < top - MARGIN / 3) &&
      (this.#last === this.#rows.length ||
        this.#offsets[this.#last] > top + this.clientHeight + MARGIN / 3);
    if (!hasRoom) this.#layOut(this.#anchor());
    this.#told();
  }

  #told() {
    const isNearStart = this.scrollTop < START;
    this.dispatchEvent(new CustomEvent('moved', { detail: { isNearStart, isAtEnd: this.isAtEnd } }));
  }

  /** Arrows go from row to row, Home and End to the ends. */
  #pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest('input, textarea, select')) return;
    if (event.key === 'End') {
      event.preventDefault();
      this.scrollToEnd();
      this.#focusNear(this.#rows.length - 1, -1);
      return;
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    const current = event.target.closest('[data-key]');
    const from = current ? this.#places.get(current.dataset.key) : undefined;
    event.preventDefault();
    if (from === undefined) this.#focusNear(this.#last - 1, -1);
    else this.#focusNear(from + step, step);
  }

  /** Gives the focus to the next row that takes it. */
  #focusNear(start, step) {
    let index = start;
    while (index >= 0 && index < this.#rows.length && !this.#rows[index].takesFocus) index += step;
    const row = this.#rows[index];
    if (!row) return;
    if (!this.elementOf(row.key)) this.#layOut({ key: row.key, offset: this.clientHeight / 2 });
    const element = this.elementOf(row.key);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: 'nearest' });
  }
}

customElements.define('phi-list', PhiList);
