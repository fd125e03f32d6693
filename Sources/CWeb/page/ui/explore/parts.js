// What the explorer's pages share: links, tables, pages that go on.

import { code, element, isolated, moment, short } from '../../export/dom.js';

export const ZEROS = '0'.repeat(64);

export const link = (path, ...what) => element('a', { href: `/explore/${path}` }, ...what);

/** A link that shows some digits; people read them, the title has them all. */
const hashLink = (path, digits) =>
  element('a', { href: `/explore/${path}/${digits}`, title: digits, class: 'hash' }, short(digits));

export const authorLink = (key) => hashLink('author', key);
export const entryLink = (id) => hashLink('entry', id);
export const meetingLink = (id) => (id === ZEROS ? 'own feed' : hashLink('meeting', id));
/** The first digits of a block's hash are zeros by its work; the last tell blocks apart. */
export const blockLink = (hash) =>
  element('a', { href: `/explore/block/${hash}`, title: hash, class: 'hash' }, `…${hash.slice(-8)}`);
export const heightLink = (height) => link(`block/${height}`, height.toLocaleString('en'));
export const whole = (path, digits) => element('a', { href: `/explore/${path}/${digits}` }, code(digits));

/**
 * A table; `columns` are `[head, class]`, rows are lists of cells.
 *
 * Columns of the class “wide” are left out on narrow screens, where the row's page has them.
 */
export function table(caption, columns, rows) {
  const cell = (what, index) => element(index === 0 ? 'th' : 'td', { scope: index === 0 ? 'row' : null, class: columns[index][1] }, what);
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', { class: 'unseen' }, caption),
      element('thead', {}, element('tr', {}, columns.map(([head, name]) => element('th', { scope: 'col', class: name }, head)))),
      element('tbody', {}, rows.map((cells) => element('tr', {}, cells.map(cell)))),
    ),
  );
}

/** What an entry says, in a line. */
export function gist(entry) {
  const { kind, content, payload } = entry;
  const cut = (text) => isolated(text.length > 80 ? `${text.slice(0, 79)}…` : text);
  if (!payload && !content) return element('span', { class: 'fine' }, 'content not kept here');
  if (kind !== 'message') {
    if (kind === 'open') {
      return content.title !== undefined && content.title !== null ? cut(content.title) : element('span', { class: 'fine' }, 'sealed title');
    }
    if (content?.keys) return `${content.keys.length} author${content.keys.length === 1 ? '' : 's'}`;
    if (kind === 'approve') return `signs ${content.count} entries`;
    return '';
  }
  if (!content) return element('span', { class: 'fine' }, 'sealed');
  if (content.type === 'profile') return ['takes the name ', cut(content.name ?? '')];
  if (content.type === 'epoch') return 'hands out an epoch’s secret';
  if (content.text === undefined || content.text === null) return element('span', { class: 'fine' }, 'no readable text');
  const lead = { reply: 'reply: ', reaction: 'reaction: ', correction: 'correction: ' }[content.type] ?? '';
  return [lead, cut(content.text)];
}

export const ENTRY_COLUMNS = [['Entry', ''], ['Kind', ''], ['Author', 'wide'], ['Meeting', 'wide'], ['Author’s time', 'wide'], ['Block', 'number'], ['Content', 'gist']];

export const entryRow = (entry) => [
  entryLink(entry.entry),
  entry.kind,
  authorLink(entry.author),
  meetingLink(entry.meeting),
  moment(entry.time),
  entry.status?.height === undefined ? (entry.status?.status ?? 'waits') : heightLink(entry.status.height),
  gist(entry),
];

/** A list that goes on by a button: `load(cursor)` gives `{ rows, next }`. */
export async function paged(caption, columns, load, empty) {
  const first = await load();
  if (first.rows.length === 0) return element('p', { class: 'fine' }, empty);
  const view = table(caption, columns, first.rows);
  const body = view.querySelector('tbody');
  let { next } = first;
  const status = element('p', { role: 'status', class: 'fine' });
  const more = element('button', { class: 'button', type: 'button', click: async () => {
    more.disabled = true;
    try {
      const page = await load(next);
      body.append(...table(caption, columns, page.rows).querySelectorAll('tbody > tr'));
      next = page.next;
      status.textContent = `${body.childElementCount.toLocaleString('en')} shown.`;
    } catch (error) {
      status.textContent = `The node did not answer: ${error.message}`;
    }
    more.disabled = false;
    more.hidden = !next;
  } }, 'Show more');
  more.hidden = !next;
  return element('div', {}, view, more, status);
}

/** Calls, of which some may be refused: null then. */
export async function optional(rpc, method, params) {
  try {
    return await rpc.call(method, params);
  } catch (error) {
    if (error.code === undefined) throw error;
    return null;
  }
}
