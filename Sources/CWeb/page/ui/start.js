// The start: begin a meeting, open a link, or go back to one that this browser knows.

import { decodeLink } from '../core/link.js';
import { fill, h, icon, iconButton } from './dom.js';
import { clockOf, dayOf } from './format.js';
import { page } from './frame.js';
import { known } from './known.js';
import { problemOf } from './problem.js';
import { words } from './words.js';

/** Turns a link of any form into an address of this node. */
export function addressOf(text) {
  const trimmed = text.trim();
  decodeLink(trimmed);
  const hash = trimmed.indexOf('#');
  const place = hash < 0 ? trimmed : trimmed.slice(0, hash);
  const name = place.split(/[/:]/).at(-1).toLowerCase();
  return `/m/${name}${hash < 0 ? '' : trimmed.slice(hash)}`;
}

function openForm({ go }) {
  const { start } = words;
  const trouble = h('p', { class: 'trouble', id: 'link-trouble', role: 'alert' });
  const field = h('input', {
    id: 'link', name: 'link', type: 'text', placeholder: start.openHint, autocomplete: 'off',
    autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': 'link-trouble', dir: 'ltr',
  });
  return h(
    'form',
    {
      class: 'line-form',
      novalidate: true,
      on: {
        submit(event) {
          event.preventDefault();
          try {
            go(addressOf(field.value));
          } catch (error) {
            const [title, , remedy] = words.problems[problemOf(error)];
            trouble.textContent = `${title}. ${remedy}`;
            field.setAttribute('aria-invalid', 'true');
            field.focus();
          }
        },
      },
    },
    h('label', { for: 'link', text: start.openLabel }),
    h('div', { class: 'joined' }, field, h('button', { class: 'button', text: start.open })),
    trouble,
  );
}

async function listOf(context, place) {
  const { start } = words;
  const meetings = await known(context.database).catch(() => []);
  if (meetings.length === 0) return fill(place);
  const row = (meeting) => {
    const title = meeting.title ?? words.titleless;
    const remove = async () => {
      const { askForget } = await import('./forget.js');
      if (!(await askForget(context, { ...meeting, title }))) return;
      await listOf(context, place);
      (place.querySelector('button') ?? document.querySelector('#create')).focus();
    };
    const fragment = meeting.fragment ? `#${meeting.fragment}` : '';
    return h(
      'li',
      {},
      h(
        'a',
        { href: `/m/${meeting.name}${fragment}` },
        icon(meeting.isPrivate ? 'lock' : 'globe'),
        h('span', { class: 'known-title', text: title, dir: 'auto' }),
        h('span', { class: 'fine', text: start.seen(`${dayOf(meeting.seen)}, ${clockOf(meeting.seen)}`) }),
      ),
      iconButton('close', start.forget(title), { on: { click: remove } }),
    );
  };
  return fill(
    place,
    h('h2', { text: start.known, id: 'known-head' }),
    h('ul', { class: 'known', 'aria-labelledby': 'known-head' }, meetings.map(row)),
    h('p', { class: 'fine', text: start.kept }),
  );
}

/** The start page. */
export function startView(context) {
  const { start } = words;
  const list = h('section');
  listOf(context, list);
  return page(
    context,
    h(
      'section',
      { class: 'hero' },
      h('h1', { text: start.head }),
      h('p', { class: 'lead', text: start.lead }),
      h('a', { class: 'button main large', href: '/#new', id: 'create' }, icon('add'), start.create),
    ),
    h('section', { class: 'card' }, h('h2', { text: start.openHead }), openForm(context)),
    list,
  );
}
