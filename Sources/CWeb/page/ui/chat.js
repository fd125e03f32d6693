// The frame of the chat: head, messages, what is under them, and people beside them.

import { button, fill, h, icon, iconButton } from './dom.js';
import './composer.js';
import { openDialog } from './dialog.js';
import './list.js';
import { keep, kept } from './known.js';
import { words } from './words.js';

const WIDE = '(min-width: 68rem)';
/** A number beside a sign has room for two or three digits. */
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 0 });

/** The rarer things that can be done with a meeting. */
async function askMenu(onMenu) {
  const { chat } = words;
  const choice = await openDialog({
    title: chat.menu,
    kind: 'small',
    build: (close) => h(
      'div',
      { class: 'stack' },
      button(chat.jump, () => close('jump'), { sign: 'calendar', autofocus: true, id: 'menu-jump' }),
      button(chat.minutes, () => close('minutes'), { sign: 'check', id: 'menu-minutes' }),
      button(chat.about, () => close('about'), { sign: 'info', id: 'menu-about' }),
      button(chat.forget, () => close('forget'), { sign: 'close', id: 'menu-forget' }),
    ),
  });
  if (choice) onMenu(choice);
}

/** Makes the frame; `on…` are told what is pressed. */
export function chatLayout(on) {
  const { chat } = words;
  const wide = matchMedia(WIDE);
  const title = h('h1', { dir: 'auto' });
  const badges = h('p', { class: 'badges' });
  const state = h('span', { class: 'connection', role: 'status' });
  const list = h('phi-list', { class: 'list', role: 'feed', tabindex: '0', 'aria-label': chat.messages });
  const composer = h('phi-composer');
  const toEnd = h(
    'button',
    { type: 'button', class: 'to-end', hidden: true, on: { click: on.onEnd } },
    icon('down'),
    h('span', { text: chat.newest }),
  );
  const searchPlace = h('div');
  const bannerPlace = h('div', { class: 'banners', role: 'status' });
  const foot = h('div', { class: 'foot' });
  const panel = h('div', { class: 'panel-body' });
  const aside = h(
    'aside',
    { class: 'panel', 'aria-label': words.people.head, hidden: true },
    h('h2', { text: words.people.head }),
    panel,
  );
  const peopleButton = iconButton('people', chat.people, {
    id: 'people', on: { click: () => togglePeople() },
  });
  const peopleCount = h('span', { class: 'count', 'aria-hidden': 'true' });
  peopleButton.append(peopleCount);

  const parts = {
    list,
    composer,
    peoplePlace: panel,
  };

  const showAside = (isShown) => {
    aside.hidden = !isShown;
    peopleButton.setAttribute('aria-expanded', String(isShown));
  };

  async function togglePeople() {
    if (wide.matches) {
      showAside(aside.hidden);
      keep('people', aside.hidden ? 'hidden' : '');
      on.onPeople();
      return;
    }
    const place = h('div');
    parts.peoplePlace = place;
    on.onPeople();
    await openDialog({ title: words.people.head, kind: 'side', build: () => place });
    parts.peoplePlace = panel;
  }

  const adapt = () => showAside(wide.matches && kept('people') !== 'hidden');
  wide.addEventListener('change', adapt);
  adapt();

  list.addEventListener('moved', ({ detail }) => on.onMoved(detail));
  composer.addEventListener('send', ({ detail }) => on.onSend(detail));
  composer.addEventListener('typed', ({ detail }) => on.onTyped(detail.length));

  parts.element = h(
    'div',
    { class: 'chat' },
    h(
      'header',
      { class: 'chat-head' },
      h('a', { class: 'sign', href: '/', 'aria-label': words.back, title: words.back }, icon('back')),
      h('div', { class: 'chat-title' }, title, h('div', { class: 'under-title' }, badges, state)),
      h(
        'div',
        { class: 'chat-tools', role: 'group', 'aria-label': chat.menu },
        iconButton('search', chat.search, { id: 'find', on: { click: on.onSearch } }),
        peopleButton,
        h(
          'button',
          { type: 'button', class: 'button share', id: 'share', on: { click: on.onShare }, title: chat.share, 'aria-label': chat.share },
          icon('share'),
          h('span', { text: chat.share }),
        ),
        iconButton('more', chat.more, { id: 'menu', on: { click: () => askMenu(on.onMenu) } }),
      ),
    ),
    h(
      'div',
      { class: 'chat-body' },
      h('main', { class: 'chat-main' }, bannerPlace, searchPlace, h('div', { class: 'list-frame' }, list, toEnd), foot),
      aside,
    ),
  );

  parts.head = ({ title: text, isPrivate, isClosed, people }) => {
    if (title.textContent !== text) title.textContent = text;
    const badge = (sign, label, hint) => h('span', { class: 'badge', title: hint }, icon(sign), label);
    const version = `${isPrivate}${isClosed}`;
    if (badges.dataset.version !== version) {
      badges.dataset.version = version;
      fill(badges,
        isPrivate ? badge('lock', chat.private, chat.privateHint) : badge('globe', chat.public, chat.publicHint),
        isClosed && badge('close', chat.closed, ''));
    }
    peopleCount.textContent = people > 1 ? compact.format(people) : '';
    parts.element.classList.toggle('closed', isClosed);
  };

  let telling = 0;
  parts.connection = (name) => {
    state.textContent = chat.connection[name] ?? '';
    state.dataset.state = name;
    // A short break heals by itself before anybody need know.
    clearTimeout(telling);
    telling = setTimeout(() => {
      trouble = chat.trouble[name] ?? '';
      showBanners();
    }, chat.trouble[name] ? 2_000 : 0);
  };

  parts.end = ({ isShown, fresh }) => {
    toEnd.hidden = !isShown;
    toEnd.lastChild.textContent = fresh > 0 ? chat.fresh(fresh) : chat.newest;
    toEnd.classList.toggle('fresh', fresh > 0);
  };

  parts.search = (bar) => {
    fill(searchPlace, bar);
    if (!bar) parts.element.querySelector('#find').focus();
  };

  let trouble = '';
  let wanted = [];
  let shownLines = '';
  const showBanners = () => {
    const lines = [...wanted, trouble].filter(Boolean);
    if (lines.join('\n') === shownLines) return;
    shownLines = lines.join('\n');
    fill(bannerPlace, lines.map((text) => h('p', { class: 'banner' }, icon('info'), text)));
  };
  parts.banners = (lines) => {
    wanted = lines;
    showBanners();
  };

  parts.foot = (name, { box, onJoin, onMinutes, onSign }) => {
    if (name === 'write') {
      fill(foot, composer);
    } else if (name === 'read') {
      fill(foot, h('div', { class: 'read-bar' }, h('p', { text: words.composer.reading }),
        button(words.composer.join, onJoin, { kind: 'main', id: 'join' })));
    } else if (name === 'closed') {
      const { bar, ask, open, sign } = words.minutes;
      fill(foot, h('div', { class: 'read-bar', 'data-obstacle': 'closed', role: 'status' },
        h('p', { text: onSign ? ask : bar }),
        h('div', { class: 'actions' },
          button(open, onMinutes, { kind: onSign ? '' : 'main', id: 'minutes' }),
          onSign && button(sign, onSign, { kind: 'main', id: 'sign' }))));
    } else fill(foot, box);
  };
  return parts;
}
