// Which page is shown, by its address; everything behind it is loaded when it is needed.

import { PhiError } from './core/bytes.js';
import { fill, h } from './ui/dom.js';
import { problemView } from './ui/problem.js';
import { words } from './ui/words.js';

const place = document.querySelector('#app');
let shown = null;
let parts = null;

/** What all pages share: the node, what the browser keeps, and the stamping worker. */
async function context() {
  if (parts) return parts;
  const [{ RPC }, { Database }, { Stamper }] = await Promise.all([
    import('./net/rpc.js'),
    import('./store/database.js'),
    import('./session/stamper.js'),
  ]);
  parts = { rpc: new RPC(), database: await Database.open(), stamper: new Stamper(), go };
  return parts;
}

/** Refuses to begin where the browser cannot make keys. */
async function needKeys() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
    throw new PhiError('crypto.insecure', words.problems.insecure[1]);
  }
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
  } catch {
    throw new PhiError('crypto.old', words.problems.browser[1]);
  }
}

const ROUTES = [
  [/^\/$/, async () => (await import('./ui/start.js')).startView],
  [/^\/new$/, async () => (await import('./ui/create.js')).createView, true],
  [/^\/m\//, async () => (await import('./ui/meeting.js')).meetingView, true],
  [/^\/verify$/, async () => (await import('./ui/verify.js')).view],
  [/^\/explore(\/|$)/, async () => (await import('./ui/explore/index.js')).view],
];

/** Where the page is: creating is a view of the start, so that every node serves its address. */
const path = () =>
  location.pathname === '/' && location.hash === '#new' ? '/new' : location.pathname;

let turn = 0;

async function route() {
  turn += 1;
  const mine = turn;
  shown?.leave?.();
  shown = null;
  document.title = words.product;
  try {
    const found = ROUTES.find(([shape]) => shape.test(path()));
    if (!found) throw new PhiError('page.missing', words.problems.missing[1]);
    const [, load, needsKeys] = found;
    const [make, shared] = await Promise.all([load(), context(), needsKeys && needKeys()]);
    // Made before it is shown: what takes time shows its own waiting state.
    const view = await make({ ...shared, again: route });
    if (mine !== turn) return view.leave?.();
    shown = view;
    fill(place, view);
    view.entered?.();
  } catch (error) {
    if (mine !== turn) return undefined;
    shown = problemView(error, route);
    fill(place, h('div', { class: 'page' }, shown));
    shown.querySelector('h1').focus();
  }
  return undefined;
}

/** Goes to an address of this page without loading it anew. */
export function go(address, { replaces = false } = {}) {
  history[replaces ? 'replaceState' : 'pushState'](null, '', address);
  scrollTo(0, 0);
  return route();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute('download')) return;
  const address = new URL(link.href);
  const isPage = ROUTES.some(([shape]) => shape.test(address.pathname));
  if (address.origin !== location.origin || !isPage) return;
  event.preventDefault();
  go(address.pathname + address.search + address.hash);
});
addEventListener('popstate', route);
addEventListener('pagehide', () => shown?.leave?.());
addEventListener('pageshow', (event) => event.persisted && route());

route();
