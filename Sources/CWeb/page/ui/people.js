// Who is here, and what the host can do about it.

import { fromHex } from '../core/bytes.js';
import { button, fill, h, icon, iconButton, toast } from './dom.js';
import { ask, openDialog } from './dialog.js';
import { shortOf } from './format.js';
import { hueOf, initialsOf } from './names.js';
import { words } from './words.js';

const SHOWN = 200;

/** The role of a person in words. */
function roleOf(person) {
  const { people } = words;
  if (person.isHost) return people.host;
  if (person.state === 'revoked') return people.revoked;
  return person.state ? people.member : people.guest;
}

function personRow(person, model, session, tell) {
  const { people } = words;
  const name = model.nameOf(person.key);
  const canRevoke = session.isHost && !person.isHost && person.state !== 'revoked' && !session.isClosed;
  return h(
    'li',
    { class: person.state === 'revoked' ? 'person gone' : 'person', 'data-author': person.key },
    h('div', { class: `avatar hue-${hueOf(person.key)}`, 'aria-hidden': 'true', text: initialsOf(name) }),
    h(
      'div',
      { class: 'content' },
      h('p', {}, h('bdi', { class: 'name', text: name }),
        person.isMe && h('span', { class: 'tag', text: words.you })),
      h(
        'p',
        { class: 'fine' },
        roleOf(person),
        ' · ',
        h('code', { text: shortOf(person.key), title: person.key }),
        person.hasApproved && [' · ', icon('check'), people.approved],
        person.identity && [' · ', icon('check'), people.proved],
      ),
    ),
    canRevoke && iconButton('close', people.revoke(name), {
      on: { click: () => tell(() => revoke(session, person, name)) },
    }),
  );
}

const collator = new Intl.Collator();

const rank = (person) =>
  (person.isHost ? 0 : person.isMe ? 1 : person.state === 'revoked' ? 3 : 2);

/** All that the panel shows, so that it is made anew only when some of it changes. */
export const peopleVersion = (session, model) =>
  [...model.people.values()]
    .map(({ key, state, hasApproved, identity }) =>
      `${key}${model.nameOf(key)}${state}${hasApproved}${identity !== null}`)
    .join() + session.isClosed;

/** The panel of people. */
export function fillPeople(place, { session, model, onError }) {
  const { people, notices: { people: countOf, morePeople } } = words;
  const { hasMorePeople } = session;
  const tell = (work) => Promise.resolve(work()).catch(onError);
  const all = [...model.people.values()].sort(
    (a, b) => rank(a) - rank(b) || collator.compare(model.nameOf(a.key), model.nameOf(b.key)),
  );
  const isNamed = session.terms.writing === 2;
  const canLead = session.isHost && !session.isClosed;
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const author = focused?.closest('[data-author]')?.dataset.author;
  fill(
    place,
    h('ul', { class: 'people-list', 'aria-label': people.head }, all.slice(0, SHOWN)
      .map((person) => personRow(person, model, session, tell))),
    all.length > SHOWN && h('p', { class: 'fine', text: hasMorePeople ? morePeople(all.length) : countOf(all.length) }),
    canLead && h(
      'div',
      { class: 'stack' },
      isNamed && button(people.admit, () => tell(() => admit(session)), { sign: 'add', id: 'admit' }),
      session.isPrivate && button(people.rotate, () => tell(() => rotate(session)), { sign: 'lock', id: 'rotate' }),
      button(people.close, () => tell(() => closeMeeting(session)), { sign: 'close', id: 'close-meeting' }),
    ),
    h('p', { class: 'fine', text: people.note }),
  );
  // A panel that is made anew gives the focus back to whoever was in it.
  const again = author ? `[data-author="${author}"] button` : focused?.id && `#${focused.id}`;
  if (again) (place.querySelector(again) ?? place.querySelector('button'))?.focus();
}

async function admit(session) {
  const { people } = words;
  const keys = await openDialog({
    title: people.admit,
    build: (close) => {
      const trouble = h('p', { class: 'trouble', id: 'admit-trouble', role: 'alert' });
      const field = h('textarea', {
        id: 'admit-keys', rows: '3', placeholder: people.admitHint, autofocus: true, dir: 'ltr',
        spellcheck: 'false', 'aria-describedby': 'admit-trouble',
      });
      const submit = (event) => {
        event.preventDefault();
        const texts = field.value.toLowerCase().split(/[\s,;]+/).filter(Boolean);
        if (texts.length === 0 || !texts.every((text) => /^[0-9a-f]{64}$/.test(text))) {
          trouble.textContent = people.admitBad;
          field.setAttribute('aria-invalid', 'true');
          field.focus();
          return;
        }
        close([...new Set(texts)].map((text) => fromHex(text, 32)));
      };
      return h(
        'form',
        { on: { submit } },
        h('p', { text: people.admitNote }),
        h('div', { class: 'field' }, h('label', { for: 'admit-keys', text: people.admitLabel }), field, trouble),
        h('div', { class: 'actions' }, h('button', { class: 'button main', text: people.admitGo })),
      );
    },
  });
  if (!keys) return;
  await session.admit(keys);
  toast(people.admitDone);
}

/** A choice that can be ticked, with a line about what it means. */
function tick(id, label, note, isTicked) {
  const box = h('input', { type: 'checkbox', id, checked: isTicked });
  return {
    box,
    line: h('div', { class: 'choice' }, box, h('label', { for: id, text: label }),
      note && h('p', { class: 'fine', text: note })),
  };
}

function askRevoke({ session, name }) {
  const { revoke: text } = words;
  return openDialog({
    title: name ? text.head(name) : text.headRotate,
    build: (close) => {
      const epoch = tick('new-epoch', text.epoch, text.epochNote, true);
      const history = tick('share-history', text.history, null, true);
      epoch.box.addEventListener('change', () => {
        history.line.hidden = !epoch.box.checked;
      });
      return [
        name && h('p', { text: text.effect }),
        name && h('p', { text: text.kept }),
        session.isPrivate
          ? [name ? epoch.line : h('p', { text: text.epochNote }), history.line]
          : h('p', { text: text.public }),
        h(
          'div',
          { class: 'actions' },
          h('button', { type: 'button', class: 'button', text: words.cancel, on: { click: () => close() } }),
          h('button', {
            type: 'button', class: 'button grave', text: name ? text.go : text.goRotate,
            on: {
              click: () => close({
                newEpoch: session.isPrivate && (!name || epoch.box.checked),
                shareHistory: history.box.checked,
              }),
            },
          }),
        ),
      ];
    },
  });
}

async function carryOut(session, keys, choice) {
  const { doubtful = [] } = (await session.revoke(keys, choice)) ?? {};
  if (doubtful.length > 0) toast(words.revoke.unreachable(doubtful.length), { isTrouble: true });
  if (choice.newEpoch) toast(words.revoke.newLink);
}

async function revoke(session, person, name) {
  const choice = await askRevoke({ session, name });
  if (choice) await carryOut(session, [fromHex(person.key, 32)], choice);
}

async function rotate(session) {
  const choice = await askRevoke({ session, name: null });
  if (choice) await carryOut(session, [], choice);
}

async function closeMeeting(session) {
  const { closing } = words;
  if (await ask({ title: closing.head, lines: closing.lines, yes: closing.go, isGrave: true })) {
    await session.closeMeeting();
  }
}
