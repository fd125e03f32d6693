// Minutes: the whole record of a meeting that has ended, judged with no node and no network.

import {
  compare,
  concat,
  equal,
  fromBase64,
  fromHex,
  hex,
  isZero,
  need,
  PhiError,
  textOf,
  u64,
} from './bytes.js';
import { ContentType, decodeContent, openMessage, splitPayload, unpad } from './content.js';
import { decodeEnvelope, Kind, payloadHash, SALT_BYTES, signedMessage } from './entry.js';
import { readCheck, readKey, titleKey, unseal } from './keys.js';
import { Frontier } from './merkle.js';
import { verifyReceipt } from './receipt.js';
import { isSigned } from './signature.js';
import { decodeControl, Reading, Writing } from './terms.js';

export const MINUTES_FORMAT = 'phi-minutes/v1';
// Written so that this source can itself stand in a page.
export const BLOCK_HEAD = '\x3cscript type="application/x-ndjson" id="phi-minutes">';
export const BLOCK_END = '\x3c/script>';
const LINE_BYTES = 1 << 20;
const NOWHERE = new Uint8Array(32);

/** Whether a text looks like minutes, as lines or as a page. */
export const looksLikeMinutes = (text) =>
  text.includes(BLOCK_HEAD) || /^\s*\{"format":"phi-minutes/.test(text);

function recordOf(value, where) {
  const names = value && typeof value === 'object' ? Object.keys(value) : [];
  need(
    typeof value?.envelope === 'string' &&
      (value.payload === undefined || typeof value.payload === 'string') &&
      names.every((name) => name === 'envelope' || name === 'payload'),
    'minutes.line',
    `line ${where} is no entry`,
  );
  return {
    envelope: fromBase64(value.envelope),
    payload: value.payload === undefined ? null : fromBase64(value.payload),
  };
}

/**
 * Reads minutes, as JSON Lines or as the page that holds them; nothing of a page is run.
 *
 * Gives the lines to judge, and the keys that open texts of a private meeting.
 */
export function readMinutes(text) {
  let body = text;
  const start = text.indexOf(BLOCK_HEAD);
  if (start >= 0) {
    const from = start + BLOCK_HEAD.length;
    const end = text.indexOf(BLOCK_END, from);
    need(end >= 0, 'minutes.cut', 'the file is cut off');
    body = text.slice(from, end);
  }
  const lines = [];
  const secrets = [];
  const keys = new Map();
  let isKnown = false;
  body.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const where = index + 1;
    need(line.length <= LINE_BYTES, 'minutes.line', `line ${where} is too long`);
    let value;
    try {
      value = JSON.parse(line);
    } catch {
      throw new PhiError('minutes.line', `line ${where} is no JSON`);
    }
    const names = value && typeof value === 'object' ? Object.keys(value) : [];
    need(names.length === 1, 'minutes.line', `line ${where} has not one word`);
    const [word] = names;
    const what = value[word];
    if (!isKnown) {
      need(
        word === 'format' && what === MINUTES_FORMAT,
        'minutes.format',
        'these are no minutes of a Phi network',
      );
      isKnown = true;
    } else if (word === 'record' || word === 'approval') {
      lines.push({ word, ...recordOf(what, where) });
    } else if (word === 'receipt') {
      need(typeof what === 'string', 'minutes.line', `line ${where} is no receipt`);
      lines.push({ word, text: what });
    } else if (word === 'secret') {
      secrets.push(fromHex(String(what?.secret), 32));
    } else if (word === 'key') {
      keys.set(String(what?.entry), fromHex(String(what?.key), 32));
    }
  });
  need(isKnown, 'minutes.empty', 'the file is empty');
  return { lines, secrets, keys };
}

const lineOf = (word, { envelope, payload }) =>
  JSON.stringify({
    [word]: payload ? { envelope, payload } : { envelope },
  });

/** Writes minutes as JSON Lines; envelopes and payloads are given in base64. */
export function writeMinutes({ records, approvals, receipts, secrets = [], keys = [] }) {
  const lines = [JSON.stringify({ format: MINUTES_FORMAT })];
  for (const record of records) lines.push(lineOf('record', record));
  for (const approval of approvals) lines.push(lineOf('approval', approval));
  for (const receipt of receipts) lines.push(JSON.stringify({ receipt }));
  for (const [epoch, secret] of secrets) {
    lines.push(JSON.stringify({ secret: { epoch, secret: hex(secret) } }));
  }
  for (const [entry, key] of keys) lines.push(JSON.stringify({ key: { entry, key: hex(key) } }));
  return `${lines.join('\n')}\n`;
}

/** Control payloads as consensus reads them. */
function controlOf(kind, payload) {
  const control = decodeControl(kind, payload);
  if (kind === Kind.open) {
    need(
      (control.writing === Writing.link || isZero(control.linkKey)) &&
        (control.reading === Reading.members || isZero(control.readCheck)),
      'terms',
      'a key stands where none may',
    );
  }
  return control;
}

function checkPayload({ entry, payload }) {
  need(
    payload.length === entry.payloadBytes &&
      payload.length >= SALT_BYTES &&
      equal(payloadHash(payload), entry.payloadHash),
    'minutes.payload',
    'the text is not the one that was signed',
  );
}

async function checkSignature(entry) {
  const isRight = await isSigned(entry.author, signedMessage(entry.id), entry.signature);
  need(isRight, 'minutes.signature', 'the signature is not the author’s');
}

/** Judges minutes line by line, by the rules that every node follows. */
export class MinutesVerifier {
  #frontier = new Frontier();
  #standing = new Map();
  #heads = new Map();
  #close = NOWHERE;
  #isOver = false;
  #approved = new Map();
  #receipts = [];
  #erased = 0;
  #terms = null;
  #open = null;
  records = [];

  async take(line) {
    if (line.word === 'record') {
      need(!this.#isOver, 'minutes.late', 'a record comes after an approval');
      try {
        await this.#takeRecord(line);
      } catch (error) {
        throw at(error, `Record ${this.records.length + 1}`);
      }
      return;
    }
    this.#end();
    try {
      if (line.word === 'approval') await this.#takeApproval(line);
      else await this.#takeReceipt(line.text);
    } catch (error) {
      const count = line.word === 'approval' ? this.#approved.size : this.#receipts.length;
      throw at(error, `${line.word === 'approval' ? 'Approval' : 'Receipt'} ${count + 1}`);
    }
  }

  #end() {
    this.#isOver = true;
    need(this.#open, 'minutes.empty', 'there is no record');
    need(
      !isZero(this.#close) || this.#terms.lifetime > 0,
      'minutes.open',
      'the meeting has not ended',
    );
  }

  finish() {
    this.#end();
    return {
      chain: this.#open.chain,
      meeting: this.#open.id,
      host: this.#open.author,
      terms: this.#terms,
      count: this.#frontier.count,
      root: this.#frontier.root,
      close: this.#close,
      erasedCount: this.#erased,
      approvedBy: [...this.#approved.values()].sort(compare),
      receipts: this.#receipts,
      isProvedComplete: this.#receipts.length > 0,
      records: this.records,
    };
  }

  async #takeRecord({ envelope, payload }) {
    need(isZero(this.#close), 'minutes.afterClose', 'the meeting had ended before');
    const entry = decodeEnvelope(envelope);
    const isKnown = entry.kind >= Kind.message && entry.kind <= Kind.approve;
    need(isKnown, 'minutes.kind', 'an unknown kind of entry', { found: entry.kind });
    await checkSignature(entry);
    if (payload) checkPayload({ entry, payload });
    else need(entry.kind === Kind.message, 'minutes.erased', 'only texts can be erased');
    const control = entry.kind === Kind.message ? null : controlOf(entry.kind, payload);
    if (!this.#open) {
      const isOpen = entry.kind === Kind.open && isZero(entry.meeting);
      need(isOpen, 'minutes.start', 'the record does not begin with the opening');
      this.#open = entry;
      this.#terms = control;
    } else {
      this.#judge(entry, control);
    }
    if (!payload) this.#erased += 1;
    if (entry.kind === Kind.close) this.#close = entry.id;
    this.#frontier.append(entry.leaf);
    this.records.push({ entry, payload, control });
  }

  #judge(entry, control) {
    need(equal(entry.chain, this.#open.chain), 'minutes.chain', 'it is of another network');
    need(entry.kind !== Kind.open, 'minutes.start', 'a meeting opens once');
    need(equal(entry.meeting, this.#open.id), 'minutes.meeting', 'it is of another meeting');
    const author = hex(entry.author);
    const head = this.#heads.get(author) ?? { sequence: 0, id: NOWHERE };
    need(
      entry.sequence === head.sequence && equal(entry.previous, head.id),
      'minutes.gap',
      'an earlier entry of its author is missing',
      { limit: head.sequence, found: entry.sequence },
    );
    need(entry.kind !== Kind.approve, 'minutes.approval', 'an approval is no part of the record');
    need(this.#allows(entry, control, author, head), 'minutes.right', 'its author had no right to it');
    this.#heads.set(author, { sequence: head.sequence + 1, id: entry.id });
    if (entry.kind === Kind.join && this.#terms.writing === Writing.link) {
      this.#standing.set(author, 'member');
    }
    if (entry.kind === Kind.admit) {
      for (const key of control.keys) this.#standing.set(hex(key), 'member');
    }
    if (entry.kind === Kind.revoke) {
      for (const key of control.keys) this.#standing.set(hex(key), 'revoked');
    }
  }

  #allows({ kind }, control, author, head) {
    const host = hex(this.#open.author);
    const isHost = author === host;
    const { writing } = this.#terms;
    const standing = this.#standing.get(author);
    if (standing === 'revoked') return false;
    switch (kind) {
      case Kind.admit:
        return (
          isHost &&
          writing === Writing.named &&
          control.keys.map(hex).every((key) => key !== host && !this.#standing.has(key))
        );
      case Kind.revoke:
        return isHost && !control.keys.some((key) => hex(key) === host);
      case Kind.close:
        return isHost;
      case Kind.join:
        return (
          head.sequence === 0 && (isHost || writing !== Writing.named || standing === 'member')
        );
      default:
        return isHost || writing === Writing.anyone || standing === 'member';
    }
  }

  #isMember(author) {
    if (author === hex(this.#open.author)) return true;
    const standing = this.#standing.get(author);
    if (standing === 'revoked') return false;
    return this.#terms.writing === Writing.anyone ? this.#heads.has(author) : standing === 'member';
  }

  #checkApproval(entry, payload) {
    need(entry.kind === Kind.approve && payload, 'approval.kind', 'it is no approval');
    checkPayload({ entry, payload });
    const approval = decodeControl(Kind.approve, payload);
    need(
      equal(entry.chain, this.#open.chain) && equal(entry.meeting, this.#open.id),
      'approval.meeting',
      'it is for another meeting',
    );
    need(equal(approval.close, this.#close), 'approval.close', 'it names another end');
    need(
      approval.count === this.#frontier.count && equal(approval.root, this.#frontier.root),
      'approval.digest',
      'it signs another record: entries are missing, added or changed',
      { limit: this.#frontier.count, found: approval.count },
    );
    need(this.#isMember(hex(entry.author)), 'approval.member', 'its author is no member');
  }

  async #takeApproval({ envelope, payload }) {
    const entry = decodeEnvelope(envelope);
    this.#checkApproval(entry, payload);
    await checkSignature(entry);
    const author = hex(entry.author);
    need(!this.#approved.has(author), 'approval.twice', 'its author approved before');
    this.#approved.set(author, entry.author);
  }

  async #takeReceipt(text) {
    const verdict = await verifyReceipt(text);
    this.#checkApproval(verdict.entry, verdict.payload);
    this.#receipts.push(verdict);
  }
}

function at(error, place) {
  if (!(error instanceof PhiError)) return error;
  return Object.assign(new PhiError(error.rule, `${place}: ${error.message}`), {
    limit: error.limit,
    found: error.found,
  });
}

/** Judges whole minutes; fails with the first rule that is broken. */
export async function verifyMinutes(lines, { onProgress = () => {} } = {}) {
  const verifier = new MinutesVerifier();
  let count = 0;
  for (const line of lines) {
    await verifier.take(line);
    count += 1;
    if (count % 256 === 0) onProgress(count);
  }
  return verifier.finish();
}

/**
 * Reads the texts of judged records, sealed ones as far as there are keys.
 *
 * A secret opens only what the record binds to it. Returns the title and an item for each record:
 * `content` is null where it cannot be read, `isSealed` where it could be with a key.
 */
export async function openRecords({ terms, meeting, records }, { secrets = [], keys = new Map() }) {
  const isPrivate = terms.reading === Reading.members;
  const checks = records
    .filter(({ entry }) => entry.kind === Kind.open || entry.kind === Kind.revoke)
    .map(({ control }) => control.readCheck)
    .filter((check) => !isZero(check));
  const epochs = new Map();
  for (const secret of secrets) {
    const epoch = checks.findIndex((check) => equal(check, readCheck(secret)));
    if (epoch >= 0) epochs.set(epoch, await readKey(secret));
  }
  const items = [];
  for (const record of records) items.push(await openRecord(record, isPrivate, epochs, keys));
  const title = isPrivate ? await openTitle(records[0], epochs, keys) : textOf(terms.title);
  return {
    title,
    isPrivate,
    epochCount: checks.length,
    boundEpochs: epochs.size,
    hasKeys: keys.size > 0,
    items,
    meeting,
  };
}

async function openTitle({ entry, control }, epochs, keys) {
  let key = keys.get(hex(entry.id));
  if (epochs.has(0)) key = await titleKey(epochs.get(0), control.salt, entry.author, entry.sequence);
  if (!key) return null;
  try {
    const bound = concat(NOWHERE, entry.author, u64(entry.sequence));
    const padded = await unseal(key, control.title, bound);
    return padded && textOf(unpad(padded));
  } catch {
    return null;
  }
}

async function openRecord(record, isPrivate, epochs, keys) {
  const { entry, payload } = record;
  const item = { ...record, content: null, isSealed: false, isBound: true };
  if (entry.kind !== Kind.message || !payload) return item;
  try {
    const { salt, epoch, body } = splitPayload(payload, isPrivate);
    if (!isPrivate) return { ...item, content: decodeContent(body) };
    item.isSealed = true;
    const { meeting, author, sequence } = entry;
    let plain = null;
    if (epochs.has(epoch)) {
      const readKeyBytes = epochs.get(epoch);
      plain = await openMessage({ salt, body, readKey: readKeyBytes, meeting, author, sequence });
    } else if (keys.has(hex(entry.id))) {
      item.isBound = false;
      const padded = await unseal(
        keys.get(hex(entry.id)),
        body,
        concat(meeting, author, u64(sequence)),
      );
      plain = padded && unpad(padded);
    }
    if (!plain) return item;
    return { ...item, content: decodeContent(plain), isSealed: false };
  } catch {
    return { ...item, isUnreadable: true };
  }
}

/** Names by author: the last profile of each. */
export function namesOf(items) {
  const names = new Map();
  for (const { entry, content } of items) {
    if (content?.type === ContentType.profile && content.name) {
      names.set(hex(entry.author), content.name);
    }
  }
  return names;
}
