// Which page is shown, by its address; everything behind it is loaded when it is needed.

import { PhiError } from './core/bytes.js';
import { fill, h } from './ui/dom.js';
import { problemView } from './ui/problem.js';
import { words } from './ui/words.js';

const place = document.querySelector('#app');
let shown = null;
let parts = null;
/** The database, opened or still being opened. */
let opening = null;
/** Why the browser has not opened it yet, where that takes long. */
let delay = null;
let isWaiting = false;

/** What all pages share: the node, the stamping worker, and what the browser keeps. */
async function context(needsStorage) {
  const [{ RPC }, { Stamper }, { Database }] = await Promise.all([
    import('./net/rpc.js'),
    import('./session/stamper.js'),
    import('./store/database.js'),
  ]);
  parts ??= { rpc: new RPC(), stamper: new Stamper(), go };
  if (!needsStorage) return parts;
  opening ??= Database.open((why) => {
    delay = why;
    tellDelay();
  });
  const database = await opening;
  delay = null;
  return { ...parts, database };
}

/** Says why the page does not open yet; it goes on by itself when the browser answers. */
function tellDelay() {
  if (delay && isWaiting) showProblem({ rule: `storage.${delay}` }, () => location.reload());
}

function showProblem(error, again) {
  shown = problemView(error, again);
  fill(place, h('div', { class: 'page' }, shown));
  shown.querySelector('h1').focus();
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

/** Shapes of addresses, what shows them, and whether that needs `storage` and `keys`. */
const ROUTES = [
  [/^\/$/, async () => (await import('./ui/start.js')).startView, { storage: true }],
  [/^\/new$/, async () => (await import('./ui/create.js')).createView, { storage: true, keys: true }],
  [/^\/m\//, async () => (await import('./ui/meeting.js')).meetingView, { storage: true, keys: true }],
  [/^\/verify$/, async () => (await import('./ui/verify.js')).view, {}],
  [/^\/explore(\/|$)/, async () => (await import('./ui/explore/index.js')).view, {}],
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
  isWaiting = false;
  document.title = words.product;
  try {
    const found = ROUTES.find(([shape]) => shape.test(path()));
    if (!found) throw new PhiError('page.missing', words.problems.missing[1]);
    const [, load, { storage, keys }] = found;
    isWaiting = storage;
    tellDelay();
    const [make, shared] = await Promise.all([load(), context(storage), keys && needKeys()]);
    // Made before it is shown: what takes time shows its own waiting state.
    const view = await make({ ...shared, again: route });
    if (mine !== turn) return view.leave?.();
    isWaiting = false;
    shown = view;
    fill(place, view);
    view.entered?.();
  } catch (error) {
    if (mine !== turn) return undefined;
    isWaiting = false;
    showProblem(error, route);
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
