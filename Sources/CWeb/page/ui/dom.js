// Elements made by hand. What others wrote only ever becomes text, never markup.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element. `on` holds listeners, `class`, `text` and `value` are what they say, true and
 * false set and leave out an attribute, everything else is an attribute.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (name === 'class') element.className = value;
    else if (name === 'text') element.textContent = value;
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  add(element, children);
  return element;
}

/** Appends nodes and texts; lists are flattened, nothing is left out but null and false. */
export function add(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child);
  }
}

/** Shows these children and no others. */
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

/** An element of a drawing. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const STROKES = {
  add: 'M10 4v12M4 10h12',
  back: 'M12 4l-6 6 6 6',
  calendar: 'M4 5h12v11H4zM4 8.5h12M7 3v3M13 3v3',
  check: 'M4 10.5l4 4 8-9',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4.3l3 1.7',
  close: 'M5 5l10 10M15 5L5 15',
  copy: 'M7 7h9v9H7zM13 7V4H4v9h3',
  deep: 'M10 2.8l6 2.4v4.3c0 3.7-2.5 6.2-6 7.7-3.5-1.5-6-4-6-7.7V5.2zM7 9.8l2.2 2.2 4-4.4',
  double: 'M2 10.5l3.6 4 7-9M8.6 13.6l.8.9 8.1-9',
  down: 'M5 8l5 5 5-5',
  download: 'M10 3v9M6.5 8.8L10 12.3l3.5-3.5M4 16h12',
  edit: 'M4 16l.8-3.4L13 4.4l2.6 2.6-8.2 8.2z',
  globe: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M3 10h14M10 3c4.5 4.6 4.5 9.4 0 14M10 3c-4.5 4.6-4.5 9.4 0 14',
  info: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 9.2v4.3M10 6.4v.2',
  key: 'M7 8.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M9.5 9.5L16 3M13 6l2.5 2.5',
  lock: 'M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  more: 'M4.6 10h.1M10 10h.1M15.4 10h.1',
  pending: 'M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13',
  people: 'M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4M2.5 16c.3-3 2.2-4.6 5-4.6s4.7 1.6 5 4.6M13 4.4a2.6 2.6 0 0 1 0 5M14.5 11.8c1.8.5 2.8 2 3 4.2',
  reply: 'M8 5L4 9l4 4M4 9h7c3 0 5 2 5 6',
  return: 'M6 6H12a4 4 0 0 1 0 8H5M8.5 3.5L6 6l2.5 2.5',
  search: 'M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4M12.8 12.8L17 17',
  send: 'M4 10h11M10.5 5.5L15 10l-4.5 4.5',
  share: 'M10 12.5V3.5M6.8 6.5L10 3.3l3.2 3.2M5 10H4v7h12v-7h-1',
  smile: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M7 11.8c1.5 2.2 4.5 2.2 6 0M7.6 8v.2M12.4 8v.2',
  warn: 'M10 3.5L17.5 16.5h-15zM10 8.2v4M10 14.2v.2',
};

/** A drawn sign; it says nothing to a screen reader, the button around it does. */
export function icon(name) {
  return s(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 20 20', 'aria-hidden': 'true', focusable: 'false' },
    s('path', { d: STROKES[name] }),
  );
}

/** A button that shows only a sign. */
export function iconButton(name, label, properties = {}) {
  const { class: extra = '', ...rest } = properties;
  return h(
    'button',
    { type: 'button', class: `sign ${extra}`, 'aria-label': label, title: label, ...rest },
    icon(name),
  );
}

/** A button with words. */
export function button(label, onClick, { kind = '', sign = null, ...rest } = {}) {
  return h(
    'button',
    { type: 'button', class: `button ${kind}`, on: { click: onClick }, ...rest },
    sign && icon(sign),
    label,
  );
}

/** Says something to a screen reader without moving anything. */
export function announce(text) {
  const place = document.querySelector('#announcer');
  const line = h('p', { text });
  place.append(line);
  while (place.childElementCount > 5) place.firstElementChild.remove();
  setTimeout(() => line.remove(), 20_000);
}

/** Shows a short note at the edge of the page. */
export function toast(text, { isTrouble = false } = {}) {
  const place = document.querySelector('#toasts');
  const note = h('div', { class: isTrouble ? 'toast trouble' : 'toast' }, h('span', { text }));
  const end = () => note.remove();
  note.append(iconButton('close', 'Dismiss', { on: { click: end } }));
  place.append(note);
  while (place.childElementCount > 3) place.firstElementChild.remove();
  setTimeout(end, isTrouble ? 12_000 : 5_000);
}

/** Puts a text on the clipboard; selects it for copying by hand where that is not allowed. */
export async function copy(text, field = null) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.focus();
    field?.select?.();
    return false;
  }
}

/** Has the browser keep a text as a file. */
export function save(name, text, type = 'text/plain') {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

let last = 0;

/** A fresh id for a label and its field. */
export const freshID = (name) => `${name}-${(last += 1)}`;
