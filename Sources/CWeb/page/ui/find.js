// Search in what is loaded, and jumps to a date.

import { fill, h, iconButton } from './dom.js';
import { openDialog } from './dialog.js';
import { dayKey } from './format.js';
import { words } from './words.js';

const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();

/** A bar that finds messages; `onGo(key)` shows one, `onAll()` loads the rest. */
export function searchBar({ model, onGo, onAll, onClose }) {
  const { search } = words;
  let found = [];
  let at = -1;
  const state = h('span', { class: 'fine', role: 'status' });
  const more = h('span', { class: 'fine' });
  const field = h('input', {
    type: 'search', id: 'search', 'aria-label': search.label, placeholder: search.hint, dir: 'auto',
  });
  const show = () => {
    state.textContent = field.value.trim() === ''
      ? ''
      : found.length === 0 ? search.none : search.found(at + 1, found.length);
    fill(more, !model.isWhole && [search.partial, ' ', h('button', {
      type: 'button', class: 'plain-link', text: search.all, on: { click: onAll },
    })]);
  };
  const look = () => {
    const text = fold(field.value.trim());
    found = text === '' ? [] : [...model.entries.values()].filter((entry) =>
      entry.type === 'message' && entry.text && entry.item.mark !== 'changed' &&
      fold(`${model.nameOf(entry.author)} ${entry.text}`).includes(text)).map(({ key }) => key);
  };
  const step = (by) => {
    const current = found[at];
    look();
    if (found.length === 0) at = -1;
    else {
      const here = found.indexOf(current);
      at = here < 0 ? found.length - 1 : (here + by + found.length) % found.length;
      onGo(found[at]);
    }
    show();
  };
  let timer = 0;
  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      at = -1;
      step(0);
    }, 150);
  });
  const bar = h(
    'div',
    { class: 'search', role: 'search' },
    h(
      'form',
      {
        on: {
          submit(event) {
            event.preventDefault();
            step(-1);
          },
        },
      },
      field,
      state,
      iconButton('down', search.previous, { class: 'up', on: { click: () => step(-1) } }),
      iconButton('down', search.next, { on: { click: () => step(1) } }),
      iconButton('close', words.close, { on: { click: onClose } }),
    ),
    more,
  );
  bar.addEventListener('keydown', (event) => event.key === 'Escape' && onClose());
  bar.again = () => {
    look();
    show();
  };
  bar.entered = () => field.focus();
  show();
  return bar;
}

/** Asks for a day and loads until it is there; the promise ends with the row to show, or null. */
export function askDate({ model, loadOlder }) {
  const { jump } = words;
  let isOver = false;
  return openDialog({
    title: jump.head,
    kind: 'small',
    build: (close, dialog) => {
      dialog.addEventListener('close', () => {
        isOver = true;
      });
      const state = h('p', { class: 'fine', role: 'status' });
      const field = h('input', {
        type: 'date', id: 'jump', value: dayKey(Date.now()), max: dayKey(Date.now()), autofocus: true,
      });
      const submit = async (event) => {
        event.preventDefault();
        const wanted = new Date(`${field.value}T00:00:00`).getTime();
        if (!Number.isFinite(wanted)) return;
        const reaches = () => model.isWhole || model.order.some(({ time }) => time < wanted);
        while (!reaches() && !isOver) {
          state.textContent = jump.loading;
          if (!(await loadOlder())) break;
        }
        if (isOver) return;
        const row = model.order.find(({ time }) => time >= wanted) ?? model.order.at(-1);
        close(row?.key ?? null);
      };
      return h(
        'form',
        { on: { submit } },
        h('div', { class: 'field' }, h('label', { for: 'jump', text: jump.label }), field),
        state,
        h('div', { class: 'actions' }, h('button', { class: 'button main', text: jump.go })),
      );
    },
  });
}
