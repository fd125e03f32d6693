// Dialogs: the browser's own, which keep the focus inside, close on Escape and give it back.

import { fill, freshID, h, iconButton } from './dom.js';
import { words } from './words.js';

/**
 * Opens a dialog; the promise ends with what `close(value)` was given, or null on Escape.
 *
 * - build: gets `close` and gives the children.
 */
export function openDialog({ title, build, kind = '' }) {
  return new Promise((resolve) => {
    const id = freshID('dialog');
    let answer = null;
    const dialog = h('dialog', { class: `dialog ${kind}`, 'aria-labelledby': id });
    const close = (value = null) => {
      answer = value;
      dialog.close();
    };
    const dismiss = iconButton('close', words.close, { on: { click: () => close() } });
    const head = h('header', {}, h('h2', { id, text: title, tabindex: '-1' }), dismiss);
    const body = h('div', { class: 'dialog-body' });
    dialog.append(head, body);
    fill(body, build(close, dialog));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    // A press beside the dialog dismisses it, as people expect.
    dialog.addEventListener('mousedown', (event) => {
      if (event.target === dialog) close();
    });
    document.body.append(dialog);
    dialog.showModal();
    const first = dialog.querySelector('[autofocus]');
    if (first) first.focus();
    else head.querySelector('h2').focus();
  });
}

/** Asks before something that cannot be undone. */
export function ask({ title, lines, yes, isGrave = false }) {
  return openDialog({
    title,
    build: (close) => [
      ...lines.map((text) => h('p', { text, dir: 'auto' })),
      h(
        'div',
        { class: 'actions' },
        h('button', { type: 'button', class: 'button', text: words.cancel, on: { click: () => close() } }),
        h('button', {
          type: 'button',
          class: isGrave ? 'button grave' : 'button main',
          text: yes,
          on: { click: () => close(true) },
        }),
      ),
    ],
  });
}
