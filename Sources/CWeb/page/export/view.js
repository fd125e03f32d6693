// How minutes are shown, in the exported file and on the page that checks one.

import { equal, hex, isZero } from '../core/bytes.js';
import { ContentType } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { namesOf } from './minutes-file.js';
import { Reading, Writing } from '../core/terms.js';
import { code, element, facts, isolated, many, moment, quoted, short } from './dom.js';

const WRITERS = {
  [Writing.anyone]: 'anyone',
  [Writing.link]: 'those who had the link',
  [Writing.named]: 'those whom the host named',
};

/** What went wrong, in words and with the name of the rule. */
export const failure = (error, what) =>
  element(
    'section',
    { class: 'verdict bad' },
    element('h2', {}, `${what} not valid`),
    element('p', {}, `${sentence(error.message)} Nothing that the file says can be relied on.`),
    element('p', {}, 'The broken rule: ', element('code', {}, error.rule ?? 'unreadable'), limits(error)),
  );

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.');

function limits({ limit, found }) {
  if (found === undefined) return null;
  return limit === undefined ? ` (found ${found})` : ` (limit ${limit}, found ${found})`;
}

function person(names, key) {
  const digits = hex(key);
  const name = names.get(digits);
  return element(
    'span',
    { class: 'signer' },
    name ? isolated(name) : 'No name',
    ' ',
    element('code', { title: digits }, short(digits)),
  );
}

/**
 * All of judged minutes: the verdict, who signed, every record, and what that proves.
 *
 * - level: the rank of the title among the headings around it.
 */
export function minutesView(verdict, opened, level = 'h1') {
  const names = namesOf(opened.items);
  return [
    heading(opened, level),
    verdictBox(verdict),
    terms(verdict, opened, names),
    approvals(verdict, names),
    element('h2', {}, many(verdict.count, 'entry', 'entries')),
    note(verdict, opened),
    element('ol', { class: 'records' }, records(opened, names)),
    meaning(verdict),
  ];
}

function heading(opened, level) {
  const title = opened.title === null ? 'a meeting with a sealed title' : isolated(opened.title);
  return element('header', {}, element('p', { class: 'kind' }, 'Minutes'), element(level, { class: 'title' }, title));
}

function verdictBox(verdict) {
  const { receipts, approvedBy } = verdict;
  const proof = receipts.length > 0
    ? `A block of the chain holds an approval of exactly these ${many(verdict.count, 'entry', 'entries')}; `
      + 'every node would have refused it, had one been missing, added or changed.'
    : 'No receipt of an approval is in the file, so it may end too early or leave out '
      + 'authors, unless you trust those who signed it.';
  return element(
    'section',
    { class: receipts.length > 0 ? 'verdict good' : 'verdict part' },
    element(
      'h2',
      {},
      receipts.length > 0
        ? 'These minutes are valid and proved complete'
        : approvedBy.length > 0
          ? 'These minutes are valid, and as complete as those who signed them say'
          : 'These minutes are valid, but nobody signed that they are complete',
    ),
    element('p', {}, 'Every signature, every text and the order of each author’s entries were checked here, with no network. ', proof),
  );
}

function terms(verdict, opened, names) {
  const last = verdict.records.at(-1).entry;
  const receipt = verdict.receipts[0];
  return facts([
    ['Host', person(names, verdict.host)],
    ['Opened', moment(verdict.records[0].entry.authorTime), ' by the host’s clock'],
    isZero(verdict.close)
      ? ['Ended', `by its lifetime of ${many(verdict.terms.lifetime, 'block')}`]
      : ['Closed', moment(last.authorTime), ' by the host’s clock'],
    [
      'Could be read by',
      verdict.terms.reading === Reading.members ? 'those who had its secret' : 'everybody',
    ],
    ['Could be written by', WRITERS[verdict.terms.writing]],
    ['Meeting', code(hex(verdict.meeting))],
    ['Root of the record', code(hex(verdict.root))],
    ['Network (first block)', code(hex(verdict.chain))],
    receipt && [
      'Proved in the chain that contains',
      `block ${receipt.last.height} `,
      code(hex(receipt.last.hash)),
    ],
    verdict.erasedCount > 0 && ['Erased texts', String(verdict.erasedCount)],
  ]);
}

function approvals(verdict, names) {
  const isShown = (key) => verdict.receipts.some(({ entry }) => equal(entry.author, key));
  if (verdict.approvedBy.length === 0) {
    return element('section', {}, element('h2', {}, 'Signed by'), element('p', {}, 'Nobody.'));
  }
  return element(
    'section',
    {},
    element('h2', {}, 'Signed by'),
    element(
      'ul',
      { class: 'approvals' },
      verdict.approvedBy.map((key) =>
        element(
          'li',
          {},
          person(names, key),
          equal(key, verdict.host) ? ', the host' : null,
          isShown(key) ? ', with a receipt' : null,
        ),
      ),
    ),
  );
}

function note(verdict, opened) {
  const parts = ['Times are those of each author’s own clock.'];
  const sealed = opened.items.filter(({ isSealed }) => isSealed).length;
  if (sealed > 0) {
    parts.push(`${many(sealed, 'text')} of this private meeting cannot be read with this file.`);
  }
  if (opened.boundEpochs > 0) {
    parts.push(
      'This file carries secrets of the meeting. Each fits the check that the record has of it, so everybody who has the secret reads these same texts.',
    );
  }
  if (opened.items.some(({ isBound }) => !isBound)) {
    parts.push(
      'Sealed texts were opened with a key for each that came in this file. The keys fit what was signed; but unlike the meeting’s secret they are not named by the record, and an author who prepared it could hold a second key that shows another text.',
    );
  }
  return element('p', { class: 'fine' }, parts.join(' '));
}

function records(opened, names) {
  const numbers = new Map(opened.items.map(({ entry }, index) => [hex(entry.id), index + 1]));
  return opened.items.map((item, index) => {
    const { entry } = item;
    const line = describe(item, names, numbers, opened.items);
    return element(
      'li',
      { id: `n${index + 1}`, 'data-number': index + 1, class: line.isText ? 'said' : 'event' },
      element('div', { class: 'who' }, person(names, entry.author), ' ', moment(entry.authorTime)),
      line.what && element('div', { class: 'what' }, line.what),
      line.text !== undefined &&
        (line.text === null
          ? element('div', { class: 'what' }, 'wrote bytes that are no text')
          : quoted(line.text)),
    );
  });
}

function describe({ entry, control, content, payload, isSealed, isUnreadable }, names, numbers, items) {
  const list = (keys) => keys.flatMap((key, i) => [i > 0 ? ', ' : ' ', person(names, key)]);
  switch (entry.kind) {
    case Kind.open:
      return { what: 'opened the meeting' };
    case Kind.join:
      return { what: 'joined' };
    case Kind.admit:
      return { what: ['let in', list(control.keys)] };
    case Kind.revoke:
      return {
        what: [
          control.keys.length > 0 ? ['shut out', list(control.keys)] : 'renewed the link',
          isZero(control.readCheck) ? null : ', and began a new epoch',
        ],
      };
    case Kind.close:
      return { what: 'closed the meeting' };
    default:
  }
  if (!payload) return { what: 'wrote a text that is erased here; its hash is in the record' };
  if (isSealed) return { what: 'wrote a sealed text' };
  if (!content || isUnreadable) return { what: 'wrote something that cannot be read' };
  const subject = content.subject && reference(content.subject, numbers);
  switch (content.type) {
    case ContentType.text:
      return { isText: true, text: content.text };
    case ContentType.reply:
      return { isText: true, what: ['in reply to ', subject], text: content.text };
    case ContentType.reaction:
      return { what: ['reacted to ', subject, ' with ', isolated(content.text ?? '?')] };
    case ContentType.correction: {
      const number = numbers.get(hex(content.subject));
      const isOwn = number && equal(items[number - 1].entry.author, entry.author);
      const what = isOwn
        ? ['corrected ', subject, ' to']
        : ['proposed, without the right to, to correct ', subject, ' to'];
      return { isText: true, what, text: content.text };
    }
    case ContentType.profile:
      return { what: ['took the name ', isolated(content.name ?? '(unreadable)')] };
    case ContentType.epoch:
      return { what: `handed out the secret of epoch ${content.epoch}` };
    default:
      return { what: 'wrote content of a kind that is not shown' };
  }
}

function reference(id, numbers) {
  const number = numbers.get(hex(id));
  if (number) return element('a', { href: `#n${number}` }, `entry ${number}`);
  return ['an entry that is not here, ', element('code', {}, short(hex(id)))];
}

function meaning(verdict) {
  const receipt = verdict.receipts[0];
  return element(
    'section',
    { class: 'meaning' },
    element('h2', {}, 'What this proves, and what it does not'),
    element(
      'ul',
      {},
      element('li', {}, 'Each entry was signed by the key beside it. Whose key that is, and whether the name is true, no file can say.'),
      element('li', {}, 'No entry was changed, and none was taken from the middle of what an author wrote.'),
      receipt
        ? element('li', {}, `Nothing is missing, in the chain that contains block ${receipt.last.height}, `, code(hex(receipt.last.hash)), '. Whether that is the chain that you mean, only you can say: compare this hash with a source that you trust. On a small network work alone is cheap.')
        : element('li', {}, 'It does not prove that nothing is missing.'),
      element('li', {}, 'A verdict is worth as much as the program that gives it. If you did not make this file yourself, have it checked by your own: drop it on the page “/verify” of a node that you trust, or run “phi-ledger minutes verify FILE”.'),
    ),
  );
}
