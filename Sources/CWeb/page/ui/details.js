// All that is known of one entry, and what can be done with it.

import { hex } from '../core/bytes.js';
import { safeText } from '../core/safe.js';
import { button, copy, h, icon, save, toast } from './dom.js';
import { openDialog } from './dialog.js';
import { count, isoOf, momentOf } from './format.js';
import { facts } from './frame.js';
import { stepOf } from './message.js';
import { explain } from './problem.js';
import { words } from './words.js';

/** Fetches the receipt of an entry and has the browser keep it. */
async function download(session, row) {
  try {
    save(`phi-receipt-${row.item.id.slice(0, 12)}.txt`, await session.receipt(row.item.id));
  } catch (error) {
    toast(`${words.details.receiptFailed} ${explain(error)}`, { isTrouble: true });
  }
}

/** Opens the dialog about an entry; the promise ends with what is to be done: 'correct' or null. */
export function openDetails({ session, model, row, canCorrect }) {
  const { details } = words;
  const { item } = row;
  const step = stepOf(row);
  const [label, meaning] = words.ladder[step];
  const [mark, markMeaning] = words.marks[item.mark] ?? words.marks.pending;
  const hash = (text) => h('code', { class: 'hash', text });
  const isTrouble = ['changed', 'missing', 'invented'].includes(item.mark);
  const name = row.author ? model.nameOf(row.author) : '–';
  return openDialog({
    title: row.type === 'notice' ? row.notice : details.head,
    kind: 'details',
    build: (close) => [
      row.text !== null && row.text !== undefined && !['changed', 'invented'].includes(item.mark) &&
        h('blockquote', { dir: 'auto', text: safeText(row.text) }),
      facts(
        [details.state, [h('strong', { text: label }), ` · ${meaning}`,
          item.depth > 0 && ` ${words.ladder.depth(item.depth)}.`]],
        [details.check, h('span', { class: isTrouble ? 'trouble' : '' },
          icon(isTrouble ? 'warn' : item.mark === 'verified' ? 'check' : 'pending'),
          h('strong', { text: mark }), ` · ${item.why ? `${item.why}. ` : ''}${markMeaning}`)],
        [details.author, [h('bdi', { text: name }), row.author && hash(row.author)]],
        [details.written, [h('time', { datetime: isoOf(item.time), text: momentOf(item.time) }),
          ` ${details.writtenNote}`]],
        item.height !== null && item.height !== undefined && [details.block,
          h('a', { href: `/explore/block/${item.header ? hex(item.header.hash) : item.height}`,
            text: count(item.height), on: { click: () => close() } })],
        /^[0-9a-f]{64}$/.test(item.id) && [details.entry,
          h('a', { class: 'hash', href: `/explore/entry/${item.id}`, text: item.id,
            title: details.explore, on: { click: () => close() } })],
      ),
      row.versions.length > 0 && h(
        'section',
        {},
        h('h3', { text: details.versions }),
        h('ol', { class: 'versions' }, row.versions.map(({ text, time }) =>
          h('li', {}, h('time', { text: momentOf(time) }), h('p', { dir: 'auto', text: text === null ? '–' : safeText(text) })))),
      ),
      h(
        'div',
        { class: 'actions start' },
        canCorrect && button(details.correct, () => close('correct'), { sign: 'edit' }),
        row.text && button(details.copyText, () => {
          copy(row.text).then((isDone) => toast(isDone ? words.copied : words.copyByHand));
        }, { sign: 'copy' }),
        item.height !== null && item.height !== undefined &&
          button(details.receipt, () => download(session, row), { sign: 'download', 'data-part': 'receipt' }),
      ),
      item.height !== null && item.height !== undefined &&
        h('p', { class: 'fine', text: details.receiptNote }),
    ],
  });
}

/** Asks for a sign to react with; the promise ends with it or null. */
export function askSign() {
  const { message } = words;
  return openDialog({
    title: message.react,
    kind: 'small',
    build: (close) => {
      const own = h('input', {
        id: 'own-sign', maxlength: '8', 'aria-label': message.ownReaction,
        placeholder: message.ownReaction, autocomplete: 'off',
      });
      return [
        h('div', { class: 'signs' }, message.signs.map((sign, index) =>
          h('button', {
            type: 'button', class: 'reaction large', text: sign, autofocus: index === 0,
            on: { click: () => close(sign) },
          }))),
        h(
          'form',
          {
            class: 'joined',
            on: {
              submit(event) {
                event.preventDefault();
                if (own.value.trim()) close(own.value.trim());
              },
            },
          },
          own,
          h('button', { class: 'button', text: message.ownReactionGo }),
        ),
      ];
    },
  });
}
