// Building what people see: texts only ever become text nodes.

/** An element; properties are set as attributes, functions are listeners, children are text. */
export function element(tag, properties = {}, ...children) {
  const node = tag === 'svg' || properties.svg
    ? document.createElementNS('http://www.w3.org/2000/svg', tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false || name === 'svg') continue;
    if (typeof value === 'function') node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Signs that turn the order of letters around, or that are not seen at all.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/gu;

// In a text of many lines only what could show it in another order, or cover its neighbours.
const TURNING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
const MARKS = /(\p{M}{4})\p{M}+/gu;

const numbered = (sign) => `‹${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}›`;
const calm = (text) => text.replace(MARKS, '$1‹…›');

/** A name or title in one line, its hidden signs shown by their numbers. */
export const shown = (text) => calm(text.replace(HIDDEN, numbered));

/** A text as it was signed, but for signs that would turn its order around: these are shown. */
export const quoted = (text) =>
  element('blockquote', { dir: 'auto' }, calm(text.replace(/\r\n/g, '\n').replace(TURNING, numbered)));

/** A name or title, kept apart from the direction of what is around it. */
export const isolated = (text) => element('bdi', {}, shown(text));

/** The first digits of a key or hash. */
export const short = (digits) => `${digits.slice(0, 8)}…`;

/** A hash in full, which may break anywhere. */
export const code = (digits) => element('code', { class: 'hash' }, digits);

/** A moment in the one form that is the same for all readers. */
export function moment(milliseconds) {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime()) || milliseconds > 253402300799999) {
    return element('span', {}, 'a time that no calendar has');
  }
  const iso = date.toISOString();
  return element('time', { datetime: iso }, `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`);
}

/** A list of terms and what they are. */
export const facts = (pairs) =>
  element(
    'dl',
    {},
    pairs.filter(Boolean).map(([term, ...what]) =>
      element('div', {}, element('dt', {}, term), element('dd', {}, ...what)),
    ),
  );

/** A count with its noun. */
export const many = (count, one, more = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 || count === 1n ? one : more}`;
