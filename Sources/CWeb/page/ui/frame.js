// What stands around every page but the chat.

import { fill, h } from './dom.js';
import { openDialog } from './dialog.js';
import { count } from './format.js';
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
        on: { click: () => openAbout(context) },
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

/** Says how Phi works, and what this page and this meeting are. */
export function openAbout(context, session = null) {
  const { about } = words;
  const network = h('div');
  const own = session && facts(
    [about.reading, about.readings[session.terms.reading]],
    [about.writing, about.writings[session.terms.writing]],
    [about.ends, session.terms.lifetime === 0
      ? about.endless
      : about.byBlock(count(session.document.openedAt + session.terms.lifetime))],
    [about.id, h('code', { class: 'hash', text: session.name })],
  );
  context.rpc.call('node.info').then((info) => fill(network, facts(
    [about.network, info.network.name],
    [about.node, `${info.name ?? 'phi-ledger'} ${info.version ?? ''}`],
    info.tip && [about.tip, count(info.tip.height)],
  ))).catch(() => {});
  return openDialog({
    title: session ? words.chat.about : about.head,
    build: () => [
      own,
      session && h('h3', { text: about.head }),
      about.lines.map((text) => h('p', { text })),
      network,
      h('h3', { text: about.code }),
      hashLine(),
      h('p', { class: 'fine', text: about.codeNote }),
    ],
  });
}
