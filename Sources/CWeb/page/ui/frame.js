// What stands around every page but the chat.

import { h } from './dom.js';
import { words } from './words.js';

/** The name of the product, as a link to the start. */
export const brand = () => h('a', { class: 'brand', href: '/' }, h('span', { text: words.product }));

/** A page with head and foot. */
export function page(context, ...children) {
  const { footer } = words;
  return h(
    'div',
    { class: 'page' },
    h('header', { class: 'page-head' }, brand()),
    h('main', { class: 'column' }, children),
    h(
      'footer',
      { class: 'page-foot' },
      h('button', {
        type: 'button', class: 'plain-link', text: footer.about,
        on: { click: async () => (await import('./about.js')).openAbout(context) },
      }),
      h('a', { href: '/verify', text: footer.verify }),
      h('a', { href: '/explore', text: footer.explore }),
    ),
  );
}

let listed = null;

/** The hash over all of the page's code, as the node states it. */
export function pageHash() {
  listed ??= fetch('/page.json')
    .then((answer) => answer.json())
    .then(({ hash }) => String(hash))
    .catch(() => {
      listed = null;
      return '–';
    });
  return listed;
}

/** A hash that is filled in when it is known. */
export function hashLine() {
  const code = h('code', { class: 'hash', text: '…' });
  pageHash().then((hash) => {
    code.textContent = hash;
  });
  return code;
}

/** Pairs of a term and what it is. */
export const facts = (...pairs) =>
  h('dl', { class: 'facts' }, pairs.filter(Boolean).map(([term, value]) =>
    h('div', {}, h('dt', { text: term }), h('dd', { dir: 'auto' }, value))));
