// The share sheet: the link of a meeting as text and as a code to scan.

import { copy, fill, h, icon, s, toast } from './dom.js';
import { openDialog } from './dialog.js';
import { words } from './words.js';

const QUIET = 4;

/** A QR code as a drawing: dark squares on white, whatever the colours of the page are. */
function drawing({ size, isDark }) {
  let path = '';
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      let width = 0;
      while (x + width < size && isDark(x + width, y)) width += 1;
      if (width > 0) path += `M${x + QUIET} ${y + QUIET}h${width}v1h-${width}z`;
      x += width;
    }
  }
  const whole = size + 2 * QUIET;
  return s(
    'svg',
    { class: 'qr', viewBox: `0 0 ${whole} ${whole}`, role: 'img', 'aria-label': words.share.qr },
    s('rect', { width: whole, height: whole, fill: '#fff' }),
    s('path', { d: path, fill: '#000', 'shape-rendering': 'crispEdges' }),
  );
}

async function showCode(place, text) {
  try {
    const { encodeQR } = await import('../core/qr.js');
    fill(place, drawing(encodeQR(text)), h('p', { class: 'fine', text: words.share.qrNote }));
  } catch {
    place.remove();
  }
}

function linkField(label, text, isMain) {
  const id = isMain ? 'share-link' : 'share-native';
  const input = h('input', { id, readonly: true, value: text, dir: 'ltr', spellcheck: 'false' });
  input.addEventListener('focus', () => input.select());
  const press = async () => {
    const isDone = await copy(text, input);
    toast(isDone ? words.share.copied : words.copyByHand);
  };
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id, text: label }),
    h(
      'div',
      { class: 'joined' },
      input,
      h(
        'button',
        {
          type: 'button', class: isMain ? 'button main' : 'button', on: { click: press },
          'aria-label': isMain ? words.share.copy : `${words.copy}: ${label}`,
          autofocus: isMain,
        },
        icon('copy'),
        isMain && words.share.copy,
      ),
    ),
  );
}

const isLocal = () =>
  ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname) ||
  location.hostname.endsWith('.localhost');

/** Opens the share sheet of a meeting. */
export function openShare(session) {
  const { share } = words;
  const { web, native } = session.link({ origin: location.origin });
  const lead = session.terms.writing === 2
    ? share.leadNamed
    : session.isPrivate ? share.leadPrivate : share.leadPublic;
  const code = h('div', { class: 'qr-place' });
  showCode(code, web);
  return openDialog({
    title: share.head,
    kind: 'share',
    build: () => [
      h('p', { text: session.isPrivate && !session.hasSecret ? share.noSecret : lead }),
      linkField(share.link, web, true),
      navigator.share && h(
        'button',
        {
          type: 'button',
          class: 'button',
          on: { click: () => navigator.share({ url: web }).catch(() => {}) },
        },
        icon('share'),
        share.send,
      ),
      isLocal() && h('p', { class: 'note', text: share.local }),
      code,
      linkField(share.native, native, false),
    ],
  });
}
