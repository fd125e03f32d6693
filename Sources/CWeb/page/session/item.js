// Items: what is shown of entries, and the order in which it is shown.

import { equal, hex } from '../core/bytes.js';
import { ContentType } from '../core/content.js';
import { isFalse, Mark, markOf, reasonOf } from './judge.js';
import { Step } from './job.js';

/** Blocks on an entry, its own included, from which it is called settled, and deep. */
export const SETTLED = 12;
export const DEEP = 60;

/** How many blocks stand on an item, its own included. */
export const depthOf = ({ height }, tip) => (height === null ? 0 : Math.max(1, tip - height + 1));

/** The step of an item on the ladder of delivery. */
export function statusOf({ height, depth, isReturned, isHeard }) {
  if (height !== null) return depth >= DEEP ? 'deep' : depth >= SETTLED ? 'settled' : 'recorded';
  return isReturned ? 'returned' : isHeard ? 'pending' : 'sending';
}

/** An item for what this browser is about to send. */
export const itemOfJob = (job, me) => ({
  id: job.id ?? job.key,
  key: job.key,
  kind: job.kind,
  author: me,
  sequence: job.sequence ?? null,
  time: job.order,
  height: null,
  index: null,
  header: null,
  depth: 0,
  status: job.step === Step.expired ? 'expired' : 'sending',
  step: job.step,
  why: job.why ?? null,
  rule: job.rule ?? null,
  mark: Mark.pending,
  content: job.shown,
  isSigned: true,
  isSealed: false,
  isErased: false,
  isReturned: false,
  isMine: true,
});

/** An item for an entry that could be read and is still to be judged. */
export const itemOf = (read) => ({
  id: hex(read.entry.id),
  entry: read.entry,
  payload: read.payload,
  kind: read.entry.kind,
  author: hex(read.entry.author),
  sequence: read.entry.sequence,
  time: read.entry.authorTime,
  height: null,
  index: null,
  header: null,
  mark: Mark.pending,
  why: null,
  content: null,
  isSigned: false,
  isSealed: false,
  isErased: read.payload === null,
  isReturned: false,
  isHeard: read.status.status !== 'sending',
});

/** An item for what is not even an entry of this meeting. */
export const stranger = (document, error) => ({
  id: String(document?.entry).slice(0, 64),
  entry: null,
  payload: null,
  kind: 0,
  author: '',
  sequence: -1,
  time: 0,
  height: null,
  index: null,
  header: null,
  mark: markOf(error),
  why: reasonOf(error),
  content: null,
  isSigned: false,
  isSealed: false,
  isErased: false,
  isReturned: false,
});

/** Recorded items by height and index; then waiting ones by time, each author's by number. */
export function inOrder(items) {
  const all = [...items];
  const recorded = all.filter(({ height }) => height !== null);
  recorded.sort((a, b) => a.height - b.height || a.index - b.index);
  const waiting = all.filter(({ height }) => height === null);
  waiting.sort((a, b) => a.sequence - b.sequence || a.time - b.time);
  // An author's clock may go back, but what was signed later never comes first.
  const latest = new Map();
  const ranks = new Map();
  for (const item of waiting) {
    const rank = Math.max(latest.get(item.author) ?? 0, item.time);
    latest.set(item.author, rank);
    ranks.set(item, rank);
  }
  waiting.sort((a, b) => ranks.get(a) - ranks.get(b) || a.sequence - b.sequence);
  return [...recorded, ...waiting];
}

/** What the node keeps back between two items of one author, as a sentence, or null. */
export function gapBefore(item, before, isWhole) {
  if (!before && !isWhole) return null;
  const expected = before ? before.sequence + 1 : 0;
  const count = item.sequence - expected;
  if (count > 0) {
    const what = count === 1 ? 'entry' : 'entries';
    return `the node does not show ${count} earlier ${what} of this author`;
  }
  const follows = !before || equal(item.entry.previous, before.entry.id);
  return count === 0 && !follows
    ? 'the author signed another entry before this one than the node shows'
    : null;
}

/** Reactions that one item shows at most, and corrections that it remembers. */
const ATTACHED_LIMIT = 500;

/**
 * Puts reactions and corrections to the items that they belong to.
 *
 * Each item gets `reactions` (`{ text, authors }`), `corrections` (oldest first, only those of its
 * own author), `text` as it stands now, and `replyTo`, the id of the item that it answers.
 */
export function attach(items) {
  const byID = new Map();
  for (const item of items) {
    const { content } = item;
    item.reactions = [];
    item.corrections = [];
    item.replyTo = content?.type === ContentType.reply ? hex(content.subject) : null;
    item.text = content?.text ?? null;
    byID.set(item.id, item);
  }
  for (const item of items) {
    const { content } = item;
    if (!content?.subject || isFalse(item.mark)) continue;
    const subject = byID.get(hex(content.subject));
    if (!subject || isFalse(subject.mark) || content.text === null) continue;
    if (content.type === ContentType.reaction) addReaction(subject, item);
    if (content.type === ContentType.correction && subject.author === item.author) {
      if (subject.corrections.length === ATTACHED_LIMIT) subject.corrections.shift();
      subject.corrections.push({ id: item.id, text: content.text, time: item.time });
      subject.text = content.text;
    }
  }
  return items;
}

/** One author's same sign counts once, however often it is sent. */
function addReaction(subject, { author, content }) {
  const known = subject.reactions.find(({ text }) => text === content.text);
  if (!known) {
    if (subject.reactions.length < ATTACHED_LIMIT) {
      subject.reactions.push({ text: content.text, authors: [author] });
    }
  } else if (!known.authors.includes(author) && known.authors.length < ATTACHED_LIMIT) {
    known.authors.push(author);
  }
}
