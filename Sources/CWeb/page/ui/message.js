// One row of the chat as an element.

import { safeText } from '../core/safe.js';
import { add, h, icon, iconButton } from './dom.js';
import { clockOf, dayOf, isoOf, lengthOf } from './format.js';
import { hueOf, initialsOf } from './names.js';
import { words } from './words.js';

const LADDER_ICONS = {
  sending: 'clock', pending: 'pending', recorded: 'check', settled: 'double', deep: 'deep',
  returned: 'return', expired: 'warn', refused: 'warn', unknown: 'info',
};
const QUOTE_LETTERS = 120;
const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}]/g;

/** The step on the ladder that an entry shows; what the node refused is a step of its own. */
export function stepOf({ item }) {
  if (item.step === 'refused') return 'refused';
  return words.ladder[item.status] ? item.status : 'unknown';
}

/** All that changes how a row looks. */
export function versionOf(row, model) {
  if (row.type === 'day' || row.type === 'unread' || row.type === 'older') return row.type;
  if (row.type === 'start') return `start ${model.title} ${model.hasMessages}`;
  const { item } = row;
  const signs = [...row.reactions].map(([sign, who]) => `${sign}${[...who].join()}`).join();
  const quoted = row.quote ? model.byID.get(row.quote) : null;
  return [
    row.isGrouped, row.text, row.notice, row.versions.length, signs, item.status, item.step,
    Math.min(item.depth ?? 0, 61), item.mark, item.why, item.isSealed, row.author && model.nameOf(row.author),
    quoted?.text, model.canWrite,
  ].join('\u0000');
}

/** Makes the element of a row. `act(name, row, detail)` is told what is pressed. */
export function renderRow(row, model, act) {
  switch (row.type) {
    case 'day':
      return h('div', { class: 'day', role: 'separator' }, h('span', { text: dayOf(row.time) }));
    case 'unread':
      return h('div', { class: 'unread', role: 'separator' }, h('span', { text: words.chat.unread }));
    case 'older':
      return h('div', { class: 'older' }, h('p', { text: words.chat.older }));
    case 'start':
      return beginning(model);
    case 'notice':
      return notice(row, model, act);
    default:
      return message(row, model, act);
  }
}

function beginning(model) {
  const { chat } = words;
  return h(
    'div',
    { class: 'beginning' },
    icon(model.isPrivate ? 'lock' : 'globe'),
    h('p', { class: 'strong', dir: 'auto', text: chat.startOf(model.title) }),
    h('p', { text: model.isPrivate ? chat.startPrivate : chat.startPublic }),
    !model.hasMessages && h('p', { text: chat.empty }),
  );
}

/** The step of an entry as a small sign and word; its depth shows on focus and under the pointer. */
function ladder(row, act) {
  const step = stepOf(row);
  const [label, meaning] = words.ladder[step];
  const { depth } = row.item;
  const more = depth > 0 ? `${words.ladder.depth(depth)}. ${meaning}` : meaning;
  return h(
    'button',
    {
      type: 'button', class: `ladder step-${step}`, title: `${label}: ${more}`,
      'aria-label': `${label}. ${more}`, 'data-part': 'ladder', 'data-depth': depth || null,
      on: { click: () => act('details', row) },
    },
    icon(LADDER_ICONS[step]),
    h('span', {}, label, depth > 0 && step !== 'deep' && h('span', { class: 'depth', text: depth })),
  );
}

/** A warning where something about an entry could not be verified. */
function warning(row, act) {
  const { mark, why } = row.item;
  if (!['changed', 'missing', 'invented'].includes(mark)) return null;
  const [label, meaning] = words.marks[mark];
  return h(
    'button',
    {
      type: 'button', class: `mark mark-${mark}`, title: why ?? meaning, 'data-part': 'mark',
      on: { click: () => act('details', row) },
    },
    icon('warn'),
    h('span', { text: label }),
  );
}

/** The work on a stamp, or what became of it. */
function sending(row, act) {
  const { item } = row;
  const { message: text } = words;
  if (item.step === 'refused') {
    return h(
      'div',
      { class: 'trouble-line' },
      h('span', { text: text.refused(item.why ?? words.ladder.refused[1]) }),
      h('button', {
        type: 'button', class: 'plain-link', text: text.retry, 'data-part': 'retry',
        on: { click: () => act('retry', row) },
      }),
      cancelButton(row, act),
    );
  }
  if (item.status === 'expired') {
    return h(
      'div',
      { class: 'trouble-line' },
      h('span', { text: text.expired }),
      row.text !== null && h('button', {
        type: 'button', class: 'plain-link', text: text.again, 'data-part': 'again',
        on: { click: () => act('again', row) },
      }),
    );
  }
  if (item.status !== 'sending' || !['waiting', 'stamping'].includes(item.step)) return null;
  return h(
    'div',
    { class: 'stamp', 'data-stamp': row.key },
    item.step === 'stamping' && h('progress', { 'aria-label': text.stampingNow, max: '1' }),
    h('span', {
      class: 'stamp-text',
      text: item.step === 'stamping' ? text.stampingNow : text.waiting,
    }),
    cancelButton(row, act),
  );
}

const cancelButton = (row, act) =>
  row.item.key !== undefined && h('button', {
    type: 'button', class: 'plain-link', text: words.message.cancel, 'data-part': 'cancel',
    on: { click: () => act('cancel', row) },
  });

/** Shows how far a stamp is, on the element of its row. */
export function showProgress(element, { done, expected, speed }) {
  const bar = element?.querySelector('.stamp progress');
  if (!bar) return;
  // Half of all stamps are found before two thirds of the expected tries; the bar never runs over.
  bar.value = 1 - Math.exp(-done / expected);
  if (!speed) return;
  const left = Math.max(0, expected * Math.LN2 - done) / speed;
  element.querySelector('.stamp-text').textContent =
    left > 900 ? words.message.stamping(lengthOf(left)) : words.message.stampingNow;
}

function notice(row, model, act) {
  const { item } = row;
  const isOwnWait = row.isMine && item.height === null;
  return h(
    'div',
    {
      class: 'notice', role: 'article', tabindex: '-1', 'data-key': row.key, 'data-id': item.id,
      'data-status': item.status, 'data-mark': item.mark,
    },
    h('button', {
      type: 'button', class: 'plain', text: row.notice, 'data-part': 'notice',
      title: words.details.headNotice, on: { click: () => act('details', row) },
    }),
    h('time', { datetime: isoOf(row.time), text: clockOf(row.time) }),
    isOwnWait && ladder(row, act),
    warning(row, act),
    sending(row, act),
  );
}

/** A text with its addresses as links; both are set as text. */
function linked(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    parts.push(text.slice(end, found.index));
    parts.push(h('a', {
      href: found[0], text: found[0], target: '_blank', rel: 'noopener noreferrer', dir: 'ltr',
    }));
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

function body(row) {
  const { message: text } = words;
  const { item } = row;
  const aside = (sign, line) => h('p', { class: 'text aside' }, icon(sign), line);
  if (['changed', 'invented'].includes(item.mark)) return aside('warn', text.changed);
  if (row.text !== null && row.text !== undefined) {
    return h('p', { class: 'text', dir: 'auto' }, linked(safeText(row.text)));
  }
  if (item.isSealed) return aside('lock', text.sealed);
  if (item.content?.type === 5) return aside('info', text.filePart);
  if (item.isErased) return aside('info', text.erased);
  return aside('info', text.unreadable);
}

/** The beginning of a message, as a quotation shows it. */
export const excerpt = (text) => {
  const line = safeText((text ?? '…').slice(0, QUOTE_LETTERS * 4)).replace(/\s+/gu, ' ');
  const letters = Array.from(line);
  return letters.length > QUOTE_LETTERS ? `${letters.slice(0, QUOTE_LETTERS).join('')}…` : letters.join('');
};

function quotation(row, model, act) {
  if (!row.quote) return null;
  const quoted = model.byID.get(row.quote);
  return h(
    'button',
    {
      type: 'button', class: 'quote', 'data-part': 'quote', disabled: !quoted,
      on: { click: () => act('quoted', row) },
    },
    quoted && h('bdi', { class: 'strong', text: model.nameOf(quoted.author) }),
    h('span', { dir: 'auto', text: quoted ? excerpt(quoted.text) : words.message.quoteMissing }),
  );
}

function reactions(row, model, act) {
  if (row.reactions.size === 0) return null;
  return h('div', { class: 'reactions' }, [...row.reactions].map(([sign, who]) => {
    const names = [...who].map((key) => model.nameOf(key)).join(', ');
    const isMine = who.has(model.me);
    return h(
      'button',
      {
        type: 'button', class: isMine ? 'reaction mine' : 'reaction', 'data-part': `sign ${sign.replace(/["\\]/g, '')}`,
        title: names, 'aria-label': words.message.reactionBy(sign, names),
        'aria-pressed': String(isMine), disabled: !model.canWrite,
        on: { click: () => !isMine && act('sign', row, sign) },
      },
      h('bdi', { text: sign }),
      who.size > 1 && h('span', { text: who.size }),
    );
  }));
}

function message(row, model, act) {
  const { item } = row;
  const { message: text } = words;
  const name = row.author ? model.nameOf(row.author) : '?';
  const person = model.people.get(row.author);
  const canAnswer = model.canWrite && item.height !== undefined && !item.step && row.text !== null;
  const element = h('article', {
    class: row.isGrouped ? 'message grouped' : 'message',
    role: 'article', tabindex: '-1', 'data-key': row.key, 'data-id': item.id,
    'data-status': item.status, 'data-mark': item.mark, 'aria-label': `${name}, ${clockOf(row.time)}`,
  });
  if (row.isMine) element.classList.add('own');
  const time = h('time', { datetime: isoOf(row.time), text: clockOf(row.time) });
  if (row.isGrouped) element.append(h('div', { class: 'side' }, time));
  else {
    element.append(h('div', {
      class: `avatar hue-${hueOf(row.author)}`, 'aria-hidden': 'true', text: initialsOf(name),
    }));
  }
  const content = h('div', { class: 'content' });
  if (!row.isGrouped) {
    content.append(h(
      'header',
      {},
      h('bdi', { class: 'name', text: name }),
      person?.isHost && h('span', { class: 'tag', text: words.host }),
      row.isMine && h('span', { class: 'tag', text: words.you }),
      time,
    ));
  }
  add(content, [
    quotation(row, model, act),
    body(row),
    row.versions.length > 0 && h('button', {
      type: 'button', class: 'plain-link edited', text: text.edited, title: text.editedHint,
      'data-part': 'edited', on: { click: () => act('details', row) },
    }),
    reactions(row, model, act),
    warning(row, act),
    sending(row, act),
  ]);
  element.append(
    content,
    ['changed', 'invented'].includes(item.mark) ? h('span') : ladder(row, act),
    h(
      'div',
      { class: 'tools' },
      canAnswer && iconButton('reply', text.reply, {
        'data-part': 'reply', on: { click: () => act('reply', row) },
      }),
      canAnswer && iconButton('smile', text.react, {
        'data-part': 'react', on: { click: () => act('react', row) },
      }),
      iconButton('more', text.more, { 'data-part': 'more', on: { click: () => act('details', row) } }),
    ),
  );
  return element;
}
