// Minutes as a file: reading, writing and judging it, and opening the texts that it can open.

import {
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
} from '../core/bytes.js';
import { ContentType, decodeContent, openMessage, splitPayload, unpad } from '../core/content.js';
import { decodeEnvelope, Kind } from '../core/entry.js';
import { readCheck, readKey, titleKey, unseal } from '../core/keys.js';
import { MinutesVerifier } from '../core/minutes.js';
import { decodeControl, Reading } from '../core/terms.js';

export const MINUTES_FORMAT = 'phi-minutes/v1';
// Written so that this source can itself stand in a page.
export const BLOCK_HEAD = '\x3cscript type="application/x-ndjson" id="phi-minutes">';
export const BLOCK_END = '\x3c/script>';
const LINE_BYTES = 1 << 20;
const NOWHERE = new Uint8Array(32);

/** Whether a text looks like minutes, as lines or as a page. */
export const looksLikeMinutes = (text) =>
  text.includes(BLOCK_HEAD) || /^\s*\{\s*"format"/.test(text);

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
 * A text whose first sign is `{` is made of lines, whatever else is in it.
 *
 * Gives the lines to judge, and the keys that open texts of a private meeting.
 */
export function readMinutes(text) {
  let body = text;
  const start = /^\s*\{/.test(text) ? -1 : text.indexOf(BLOCK_HEAD);
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
      lines.push({ [word]: recordOf(what, where) });
    } else if (word === 'receipt') {
      need(typeof what === 'string', 'minutes.line', `line ${where} is no receipt`);
      lines.push({ receipt: what });
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

/**
 * Judges the lines of a file; fails with the first rule that is broken.
 *
 * The verdict has the records besides, decoded, and the terms of the meeting.
 */
export async function judgeMinutes(lines, { onProgress = () => {} } = {}) {
  const verifier = new MinutesVerifier();
  const records = [];
  for (const [index, line] of lines.entries()) {
    try {
      await verifier.take(line);
    } catch (error) {
      throw placed(error, line);
    }
    if (line.record) records.push(decoded(line.record));
    if (index % 256 === 255) onProgress(index + 1);
  }
  const verdict = verifier.finish();
  return { ...verdict, ...verdict.digest, terms: records[0].control, records };
}

function decoded({ envelope, payload }) {
  const entry = decodeEnvelope(envelope);
  const control = entry.kind === Kind.message ? null : decodeControl(entry.kind, payload);
  return { entry, payload, control };
}

/** The same error, with the number of the line's kind in its sentence. */
function placed(error, line) {
  if (!(error instanceof PhiError) || error.index === undefined) return error;
  const word = line.record ? 'record' : line.approval ? 'approval' : 'receipt';
  const message = `${error.message} (${word} ${error.index + 1})`;
  return Object.assign(new PhiError(error.rule, message), { limit: error.limit, found: error.found });
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
