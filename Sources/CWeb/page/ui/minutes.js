// Minutes of a meeting that has ended, as a file that verifies itself and as JSON Lines.

import { base64, fromBase64, hex, isZero, need, utf8 } from '../core/bytes.js';
import { splitPayload } from '../core/content.js';
import { decodeEnvelope, Kind } from '../core/entry.js';
import { messageKey, readCheck, readKey, titleKey } from '../core/keys.js';
import { Reading } from '../core/terms.js';
import { bundle } from '../export/bundle.js';
import { element, isolated, many, short } from '../export/dom.js';
import {
  BLOCK_END,
  BLOCK_HEAD,
  judgeMinutes,
  namesOf,
  openRecords,
  readMinutes,
  writeMinutes,
} from '../export/minutes-file.js';
import { openDialog } from './dialog.js';
import { addStyle } from './explore/style.js';

const PAGE = 100;
const RECEIPT_LIMIT = 8;

/** How much of a private meeting a file lets its readers read. */
export const Texts = Object.freeze({ sealed: 'sealed', keys: 'keys', secrets: 'secrets' });

async function readAll(rpc, meeting, onProgress) {
  const records = [];
  const approvals = [];
  let cursor;
  do {
    const page = await rpc.call('meeting.history', {
      meeting,
      limit: PAGE,
      direction: 'forward',
      ...(cursor ? { cursor } : {}),
    });
    for (const { envelope, payload, kind, entry } of page.entries) {
      (kind === 'approve' ? approvals : records).push({ envelope, payload, entry });
    }
    onProgress({ read: records.length });
    cursor = page.next;
  } while (cursor);
  return { records, approvals };
}

async function receiptsOf(rpc, approvals) {
  const answers = await rpc.callAll(
    approvals.slice(0, RECEIPT_LIMIT).map(({ entry }) => ({
      method: 'entry.receipt',
      params: { entry, confirmations: 6 },
    })),
  );
  return answers.filter(({ result }) => result).map(({ result }) => result.receipt);
}

/** The keys of single texts, so that a file opens these and nothing else. */
async function keysOf(verdict, secrets) {
  const readKeys = new Map();
  for (const [epoch, secret] of secretsOf(verdict, secrets)) {
    readKeys.set(epoch, await readKey(secret));
  }
  const { items } = await openRecords(verdict, { secrets });
  const keys = [];
  const [{ entry, control }] = verdict.records;
  if (readKeys.has(0)) {
    const key = await titleKey(readKeys.get(0), control.salt, entry.author, entry.sequence);
    keys.push([hex(entry.id), key]);
  }
  for (const { entry: said, payload, content } of items) {
    // What hands out secrets is left shut: it would open more than this file has.
    if (said.kind !== Kind.message || !content || content.blobs) continue;
    const { salt, epoch } = splitPayload(payload, true);
    const { meeting, author, sequence } = said;
    keys.push([hex(said.id), await messageKey(readKeys.get(epoch), salt, meeting, author, sequence)]);
  }
  return keys;
}

/** The secrets that the record names, by epoch. */
function secretsOf(verdict, secrets) {
  const checks = verdict.records
    .filter(({ control }) => control?.readCheck && !isZero(control.readCheck))
    .map(({ control }) => hex(control.readCheck));
  return secrets
    .map((secret) => [checks.indexOf(hex(readCheck(secret))), secret])
    .filter(([epoch]) => epoch >= 0)
    .sort(([a], [b]) => a - b);
}

/**
 * Reads and judges a whole meeting.
 *
 * - secrets: those of a private meeting's epochs, as far as this browser has them.
 * Returns the verdict and `lines(texts)`, the file's text.
 */
export async function collectMinutes({ rpc, meeting, secrets = [], onProgress = () => {} }) {
  const { records, approvals } = await readAll(rpc, meeting, onProgress);
  const hostKey = records.length > 0 ? hex(decodeEnvelope(fromBase64(records[0].envelope)).author) : '';
  const isHost = ({ envelope }) => hex(decodeEnvelope(fromBase64(envelope)).author) === hostKey;
  approvals.sort((a, b) => Number(isHost(b)) - Number(isHost(a)));
  const receipts = await receiptsOf(rpc, approvals);
  const whole = writeMinutes({ records, approvals, receipts });
  const verdict = await judgeMinutes(readMinutes(whole).lines, {
    onProgress: (checked) => onProgress({ read: records.length, checked }),
  });
  need(hex(verdict.meeting) === meeting, 'minutes.meeting', 'the node shows another meeting');
  const stated = await rpc.call('meeting.minutes', { meeting, limit: 1 });
  need(
    stated.count === verdict.count && stated.root === hex(verdict.root),
    'minutes.digest',
    'the entries that the node shows are not those of its minutes',
    { limit: stated.count, found: verdict.count },
  );
  const lines = async (texts = Texts.sealed) =>
    writeMinutes({
      records,
      approvals,
      receipts,
      secrets: texts === Texts.secrets ? secretsOf(verdict, secrets) : [],
      keys: texts === Texts.keys ? await keysOf(verdict, secrets) : [],
    });
  const { items } = await openRecords(verdict, { secrets });
  return { verdict, names: namesOf(items), canOpen: secretsOf(verdict, secrets).length > 0, lines };
}

const NO_SCRIPT =
  'These minutes are shown by the verifier in this file, which needs JavaScript. It uses no network.';

const readPage = async (path) => {
  const response = await fetch(`/page/${path}`);
  need(response.ok, 'minutes.page', `the node does not give “${path}”`);
  return response.text();
};

const sourceHash = async (text) =>
  `'sha256-${base64(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))))}'`;

/** A page that needs no other file and no network, and runs no script but its own verifier. */
export async function selfVerifyingPage(lines, read = readPage) {
  const script = await bundle('export/file.js', read);
  const style = await read('export/file.css');
  const policy = [
    "default-src 'none'",
    `script-src ${await sourceHash(script)}`,
    `style-src ${await sourceHash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const data = lines.replaceAll('<', '\\u003c');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<title>Minutes</title>',
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<main id="minutes"><noscript><p>${NO_SCRIPT}</p></noscript></main>`,
    BLOCK_HEAD,
    `${data}${BLOCK_END}`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Gives a text to the person as a file. */
export function download(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

const CHOICES = [
  [
    Texts.keys,
    'Readable: with the key of each text',
    'The file shows the texts that you can read, and opens nothing else. Whoever gets it can read them and pass them on.',
  ],
  [
    Texts.secrets,
    'Readable: with the meeting’s secrets',
    'As above, and the record itself names these secrets, so nobody can have two readings of a text. But whoever gets the file can read every text of those epochs, wherever they find it, also one that you left out or that was erased here.',
  ],
  [
    Texts.sealed,
    'Sealed',
    'The file proves who wrote when and how much, and that nothing is missing. Whoever has the meeting’s secret can still read the texts; nobody else can.',
  ],
];

function choices() {
  return element(
    'fieldset',
    { class: 'choices' },
    element('legend', {}, 'This meeting was private. What may readers of the file read?'),
    CHOICES.map(([value, title, what], index) =>
      element(
        'div',
        { class: 'choice' },
        element('input', { id: `texts-${value}`, type: 'radio', name: 'texts', value, checked: index === 2, 'aria-describedby': `about-${value}` }),
        element('label', { for: `texts-${value}` }, title),
        element('span', { id: `about-${value}`, class: 'fine' }, what),
      ),
    ),
  );
}

function status(verdict) {
  const signed = many(verdict.approvedBy.length, 'person', 'people');
  if (verdict.receipts.length > 0) {
    return `${many(verdict.count, 'entry', 'entries')}, each checked here. ${signed} signed the minutes, and a receipt proves that nothing is missing.`;
  }
  return verdict.approvedBy.length > 0
    ? `${many(verdict.count, 'entry', 'entries')}, each checked here. ${signed} signed the minutes; there is no receipt yet.`
    : `${many(verdict.count, 'entry', 'entries')}, each checked here. Nobody has signed the minutes yet: a file made now cannot prove that nothing is missing.`;
}

/**
 * Shows the minutes of a meeting: who signed them, a way to sign, and both files.
 *
 * Ends when the dialog closes. A session of nothing but an `id` will do for who only reads.
 */
export function openMinutes({ session, rpc }) {
  const id = session.id ?? session.meeting.id;
  const meeting = typeof id === 'string' ? id : hex(id);
  const progress = element('p', { role: 'status' }, 'Reading the record…');
  const body = element('div', { class: 'dialog-body minutes' });
  const show = async () => {
    try {
      const minutes = await collectMinutes({
        rpc,
        meeting,
        secrets: session.epochs?.secrets() ?? session.secrets ?? [],
        onProgress: ({ read, checked = 0 }) => {
          progress.textContent = `Read ${read}, checked ${checked}…`;
        },
      });
      progress.textContent = status(minutes.verdict);
      body.append(
        ...[signers(minutes, session, progress), fileForm(minutes, progress, `minutes-${meeting.slice(0, 12)}`)],
      );
    } catch (error) {
      progress.textContent = error.rule === 'minutes.notEnded'
        ? 'The meeting goes on. It has minutes once it is closed.'
        : `The minutes cannot be made: ${error.message}.`;
    }
  };
  addStyle();
  show();
  return openDialog({ title: 'Minutes', build: () => [progress, body] });
}

/** Who signed, and a button for who may and has not. */
function signers({ verdict, names }, session, progress) {
  const signed = verdict.approvedBy.map(hex);
  const name = (key) => [names.has(key) ? isolated(names.get(key)) : 'No name', ' ', element('code', { title: key }, short(key))];
  const list = signed.length > 0
    ? element('ul', {}, signed.map((key) => element('li', {}, name(key), key === hex(verdict.host) ? ', the host' : null)))
    : element('p', {}, 'Nobody yet.');
  const maySign = session.me && session.isMember && !signed.includes(session.me);
  const sign = async () => {
    button.disabled = true;
    try {
      await session.approve();
      progress.textContent = 'Your signature is on its way. Open the minutes again when it is in a block, and the file will have it.';
    } catch (error) {
      button.disabled = false;
      progress.textContent = `The minutes were not signed: ${error.message}.`;
    }
  };
  const button = element('button', { type: 'button', class: 'button', click: sign }, 'Sign the minutes');
  return element(
    'section',
    { class: 'stack' },
    element('h3', {}, 'Signed by'),
    list,
    maySign ? element('p', { class: 'fine' }, 'By signing you say that these entries are all, in this order. It is recorded for ever.') : null,
    maySign ? button : null,
  );
}

function fileForm(minutes, progress, name) {
  const { verdict } = minutes;
  const isPrivate = verdict.terms.reading === Reading.members;
  const save = (make, type, end) => async () => {
    try {
      const texts = new FormData(form).get('texts') ?? Texts.sealed;
      const text = await make(await minutes.lines(texts));
      download(`${name}.${end}`, text, type);
      progress.textContent = `“${name}.${end}” was made (${many(text.length, 'byte')}).`;
    } catch (error) {
      progress.textContent = `The file cannot be made: ${error.message}.`;
    }
  };
  const button = (kind, click, text) => element('button', { type: 'button', class: kind, click }, text);
  const form = element(
    'form',
    {},
    element('h3', {}, 'Keep them as a file'),
    isPrivate && minutes.canOpen ? choices() : null,
    isPrivate && !minutes.canOpen
      ? element('p', {}, 'The texts are sealed, and this page has no secret: they stay sealed in the file.')
      : null,
    element(
      'div',
      { class: 'actions' },
      button('button', save((text) => text, 'application/x-ndjson', 'jsonl'), 'Save as JSON Lines'),
      button('button main', save(selfVerifyingPage, 'text/html', 'html'), 'Save as a page that verifies itself'),
    ),
  );
  return form;
}
