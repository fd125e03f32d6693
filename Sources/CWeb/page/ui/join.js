// The door of a meeting: what it is, who reads it, and a name to go in with.

import { NAME_BYTES } from '../core/content.js';
import { utf8 } from '../core/bytes.js';
import { button, copy, h, icon, toast } from './dom.js';
import { field } from './create.js';
import { page, hashLine } from './frame.js';
import { keep, kept } from './known.js';
import { explain } from './problem.js';
import { words } from './words.js';

/** What stands in the way of writing, as a name in `words.obstacles`, or null. */
export function obstacleOf(session) {
  const { obstacle } = session;
  if (obstacle !== 'secret') return obstacle;
  if (session.isRevoked) return 'revoked';
  // Who can read the title had a secret once.
  return session.title ? 'rekeyed' : 'secret';
}

/** What stands in the way of writing, with the key to hand to the host where that helps. */
export function obstacleBox(session, obstacle) {
  const [title, text] = words.obstacles[obstacle];
  const box = h(
    'section',
    { class: 'notice-box', 'data-obstacle': obstacle },
    h('h2', { text: title }),
    h('p', { text }),
  );
  if (obstacle === 'named') {
    const code = h('code', { class: 'hash', text: '…', id: 'my-key' });
    const press = async () =>
      toast((await copy(code.textContent)) ? words.copied : words.copyByHand);
    session.myKey().then((key) => {
      code.textContent = key;
    }).catch((error) => {
      code.textContent = explain(error);
    });
    box.append(
      h('p', { class: 'fine', text: words.namedKey }),
      code,
      h('p', {}, button(words.copy, press, { sign: 'copy' })),
    );
  }
  return box;
}

/** The page before a meeting; `onJoin(name)` and `onLook()` lead in. */
export function joinView(context, { session, title, hostName, onJoin, onLook }) {
  const { join } = words;
  const obstacle = obstacleOf(session);
  const name = field('name', join.label, {
    placeholder: join.hint, value: kept('name'), autocomplete: 'nickname', maxlength: '64',
  });
  const submit = h('button', { class: 'button main large', text: join.go });
  const work = async (event) => {
    event.preventDefault();
    const text = name.input.value.trim();
    if (!text) return name.complain(join.noName);
    if (utf8(text).length > NAME_BYTES) return name.complain(join.longName);
    submit.disabled = true;
    submit.textContent = join.going;
    keep('name', text);
    try {
      await onJoin(text);
    } catch (error) {
      submit.disabled = false;
      submit.textContent = join.go;
      name.complain(explain(error));
    }
    return undefined;
  };
  const lines = [
    [session.isPrivate ? 'lock' : 'globe', session.isPrivate ? join.readPrivate : join.readPublic],
    ['clock', join.permanent],
    ['key', join.key],
    ['info', session.isPrivate ? join.codePrivate : join.code],
  ];
  const head = h('h1', { dir: 'auto', tabindex: '-1' });
  const host = h('p', { class: 'fine', dir: 'auto' });
  const canLook = obstacle !== 'secret';
  const view = page(
    context,
    h(
      'section',
      { class: 'card form door' },
      h('p', { class: 'fine', text: join.invited }),
      head,
      host,
      obstacle
        ? obstacleBox(session, obstacle)
        : h('form', { novalidate: true, on: { submit: work } }, name.line, submit),
      canLook && h('button', {
        type: 'button', class: 'plain-link', id: 'look', text: join.look, on: { click: onLook },
      }),
      h('ul', { class: 'effects' }, lines.map(([sign, text]) =>
        h('li', {}, icon(sign), h('span', { text })))),
      h(
        'details',
        { class: 'fine', open: session.isPrivate },
        h('summary', { text: join.codeHash }),
        hashLine(),
        h('p', { text: join.codeCompare }),
      ),
    ),
  );
  // Both may reach the node later than the page, while somebody is typing a name.
  view.tell = (titled, hosted) => {
    head.textContent = titled;
    host.textContent = hosted ? join.hostedBy(hosted) : '';
    host.hidden = !hosted;
  };
  view.tell(title, hostName);
  view.entered = () => {
    if (obstacle) view.querySelector('h1').focus();
    else name.input.focus();
  };
  return view;
}
