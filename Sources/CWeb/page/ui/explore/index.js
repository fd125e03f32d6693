// The explorer: what a node holds, page by page.

import { decodeLink } from '../../core/link.js';
import { hex } from '../../core/bytes.js';
import { element, moment } from '../../export/dom.js';
import { Live } from '../../net/live.js';
import { page as framed } from '../frame.js';
import { block, blocks } from './chain.js';
import { author, entry, mempool, peers } from './entries.js';
import { meeting, meetings } from './meetings.js';
import { overview } from './overview.js';
import { link } from './parts.js';
import { addStyle } from './style.js';

const VIEWS = { '': overview, blocks, block, meetings, meeting, entry, author, peers, mempool };
const MENU = [['', 'Overview'], ['blocks', 'Blocks'], ['meetings', 'Meetings'], ['mempool', 'Waiting'], ['peers', 'Peers']];

/** Where a word that was searched for leads: a height, or whatever has this hash. */
export async function find(rpc, text) {
  const word = text.trim();
  if (/^[0-9]{1,10}$/.test(word)) return `/explore/block/${word}`;
  if (/^[0-9a-f]{64}$/i.test(word)) {
    const id = word.toLowerCase();
    const tries = [
      ['meeting', 'meeting.get', { meeting: id }],
      ['entry', 'entry.get', { entry: id }],
      ['block', 'chain.header', { block: id }],
      ['author', 'author.history', { author: id, limit: 1 }],
    ];
    const answers = await rpc.callAll(tries.map(([, method, params]) => ({ method, params })));
    const index = answers.findIndex(({ result }) => result && (!result.entries || result.entries.length > 0));
    return index < 0 ? null : `/explore/${tries[index][0]}/${id}`;
  }
  try {
    // A secret in the link stays here: only the meeting's name goes on.
    return `/explore/meeting/${hex(decodeLink(word).meeting)}`;
  } catch {
    return null;
  }
}

function search(rpc, go) {
  const status = element('span', { role: 'status', class: 'fine' });
  const field = element('input', { id: 'find', name: 'find', type: 'search', autocomplete: 'off', spellcheck: 'false', placeholder: 'height, hash, key or link' });
  const run = async (event) => {
    event.preventDefault();
    if (field.value.trim() === '') return;
    status.textContent = 'Looking…';
    try {
      const path = await find(rpc, field.value);
      status.textContent = path ? '' : 'Nothing here has this height, hash or name.';
      if (path) go(path);
    } catch (error) {
      status.textContent = `The node did not answer: ${error.message}`;
    }
  };
  return element('form', { role: 'search', submit: run }, element('label', { for: 'find', class: 'unseen' }, 'Find a block, entry, meeting or author'), field, element('button', { class: 'button', type: 'submit' }, 'Find'), status);
}

const menu = (now) =>
  element('nav', { 'aria-label': 'Explorer', class: 'menu' }, MENU.map(([path, name]) => {
    const item = link(path, name);
    if (path === '') item.href = '/explore';
    const isHere = now === path || (path !== '' && now === path.slice(0, -1));
    if (isHere) item.setAttribute('aria-current', 'page');
    return item;
  }));

function problem(error) {
  const words = {
    '-32001': ['Not found', error.message],
    '-32003': ['Not shown to you', 'The node tells this only to its operator, or to a browser on its own machine.'],
    '-32004': ['The node is busy', 'Try again in a moment.'],
    '-32602': ['Not found', 'The address names no height, hash or key.'],
  }[error.code] ?? [error.code === undefined && error.rule === 'node.unreachable' ? 'The node does not answer' : 'This cannot be shown', error.message];
  return [element('h1', {}, words[0]), element('p', {}, words[1])];
}

/** Shows a page of the explorer in an element; call `leave` on the result when it goes. */
export function showExplorer(root, { rpc, path = location.pathname, go = (to) => location.assign(to) }) {
  addStyle();
  const [, , name = '', ...rest] = path.split('/').map(decodeURIComponent);
  const content = element('div', { class: 'content', 'aria-busy': 'true' }, element('p', { role: 'status' }, 'Loading…'));
  const tip = element('p', { class: 'tip fine' });
  const view = element('div', { class: 'docs explore' },
    element('div', { class: 'top' }, menu(name), search(rpc, go)),
    tip,
    content,
    element('p', { class: 'fine' }, 'All of this is what the node that serves this page says. Where it matters, take the receipt of an entry: it is checked with no node.'),
  );
  root.replaceChildren(view);

  let isOver = false;
  const show = async (isAgain) => {
    const make = VIEWS[name];
    let parts;
    try {
      if (!make || (['block', 'entry', 'meeting', 'author'].includes(name) && !rest[0])) throw Object.assign(new Error('There is no such page.'), { code: -32001 });
      parts = await make({ rpc, rest });
    } catch (error) {
      if (isAgain) return;
      parts = problem(error);
    }
    if (isOver) return;
    content.replaceChildren(...parts.flat(9).filter((part) => part !== null && part !== undefined));
    content.removeAttribute('aria-busy');
    document.title = `${content.querySelector('h1')?.textContent ?? 'Explorer'} – Phi`;
    root.dispatchEvent(new CustomEvent('shown'));
  };
  const live = following(rpc, tip, () => name === '' && !content.querySelector('details[open]') && show(true));
  view.ready = show(false);
  view.leave = () => {
    isOver = true;
    live.close();
  };
  return view;
}

/** The newest block, as it comes; pages that show the newest follow at most every two seconds. */
function following(rpc, tip, again) {
  let last = null;
  let timer = null;
  const told = ({ height, time, block: hash }) => {
    if (last === hash) return;
    const isNews = last !== null;
    last = hash;
    tip.replaceChildren('Newest block: ', link(`block/${height}`, height.toLocaleString('en')), ', ', moment(time));
    if (isNews && timer === null) {
      timer = setTimeout(() => {
        timer = null;
        again();
      }, 2_000);
    }
  };
  const poll = async () => told(await rpc.call('chain.tip'));
  poll().catch(() => {});
  const live = new Live({
    topics: ['blocks'],
    onEvent: (topic, event) => {
      if (event.event === 'connected' && event.header) told(event.header);
      else poll().catch(() => {});
    },
    onState: (state) => tip.classList.toggle('offline', state === 'offline'),
    poll,
  });
  return {
    close: () => {
      clearTimeout(timer);
      live.close();
    },
  };
}

/** The page as the router shows it. */
export function view(context) {
  const place = element('div', {});
  const shown = showExplorer(place, context);
  const page = framed(context, place);
  page.leave = shown.leave;
  return page;
}
