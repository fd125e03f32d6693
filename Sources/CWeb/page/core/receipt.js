// Receipts: one entry, proved with no node and no network.

import { equal, fromBase64, hex, need } from './bytes.js';
import { decodeEnvelope, payloadHash, SALT_BYTES, signedMessage } from './entry.js';
import { HeaderRules } from './header.js';
import { leafHash, rootFrom } from './merkle.js';
import { decodeParameters, parametersHash } from './parameters.js';
import { isSigned } from './signature.js';
import { isStamped, minimumWork } from './stamp.js';

export const RECEIPT_BYTES = 65_536;
const LINE_LIMIT = 4_096;
const MANY = new Set(['proof', 'aproof', 'confirm', 'hproof']);
const ONCE = ['parameters', 'genesis', 'entry', 'payload', 'header', 'index', 'anchor', 'tip'];

/** The lines of a receipt by their words; what follows the first empty line is a note. */
function linesOf(text) {
  const bytes = new TextEncoder().encode(text).length;
  need(bytes <= RECEIPT_BYTES, 'receipt.length', 'the receipt is too long', {
    limit: RECEIPT_BYTES,
    found: bytes,
  });
  const lines = text.split(/\r\n|\n|\r/);
  need(lines.length <= LINE_LIMIT, 'receipt.lines', 'the receipt has too many lines', {
    limit: LINE_LIMIT,
    found: lines.length,
  });
  need(lines[0] === 'phi-receipt/v1', 'receipt.kind', 'this is no receipt of a Phi network');
  const fields = new Map();
  for (const line of lines.slice(1)) {
    if (line === '') break;
    const space = line.indexOf(' ');
    const word = space < 0 ? line : line.slice(0, space);
    const value = space < 0 ? '' : line.slice(space + 1);
    const known = fields.get(word) ?? [];
    need(
      known.length === 0 || MANY.has(word) || !ONCE.includes(word),
      'receipt.twice',
      `the receipt has two lines “${word}”`,
    );
    known.push(value);
    fields.set(word, known);
  }
  return fields;
}

function decimal(text) {
  need(/^(0|[1-9][0-9]{0,9})$/.test(text), 'receipt.number', 'a number is not in its one form');
  return Number(text);
}

/**
 * Judges a receipt by the rules of its own chain.
 *
 * What it proves holds for the chain with the genesis block and the last block that the verdict
 * names; whether that is the chain the reader means, only the reader can say.
 */
export async function verifyReceipt(text, trusting = null) {
  const fields = linesOf(text);
  const one = (word) => {
    const values = fields.get(word);
    need(values, 'receipt.missing', `the receipt has no line “${word}”`);
    return values[0];
  };
  const bytes = (word) => fromBase64(one(word));
  const path = (word) => (fields.get(word) ?? []).map(fromBase64);

  const raw = bytes('parameters');
  const parameters = decodeParameters(raw);
  const rules = new HeaderRules(parameters, null);
  const genesis = rules.decode(bytes('genesis'));
  rules.genesis = genesis;
  need(genesis.height === 0, 'receipt.genesis', 'the first block has a height');
  need(
    equal(genesis.previous, parametersHash(raw)),
    'receipt.parameters',
    'the genesis block commits to other parameters',
  );

  const entry = decodeEnvelope(bytes('entry'));
  need(equal(entry.chain, genesis.hash), 'receipt.chain', 'the entry belongs to another chain');
  const isRight = await isSigned(entry.author, signedMessage(entry.id), entry.signature);
  need(isRight, 'receipt.signature', 'the signature is not the author’s');
  need(
    entry.payloadBytes <= parameters.maximumPayloadBytes,
    'receipt.payloadLength',
    'the payload is longer than the network allows',
  );
  const floor = minimumWork(entry.kind, entry.sequence, entry.payloadBytes, parameters);
  need(entry.stampWork >= floor, 'receipt.stamp', 'the stamp is below the minimum');
  need(
    isStamped(entry.id, entry.stampWork, entry.stampNonce),
    'receipt.stamp',
    'the stamp does not show its work',
  );
  const payload = fields.has('payload') ? bytes('payload') : null;
  if (payload) {
    need(
      payload.length === entry.payloadBytes && payload.length >= SALT_BYTES,
      'receipt.payloadLength',
      'the payload has another length',
    );
    need(
      equal(payloadHash(payload), entry.payloadHash),
      'receipt.payload',
      'the text is not the one that was signed',
    );
  }

  const header = rules.decode(bytes('header'));
  const root = rootFrom(decimal(one('index')), header.entryCount, entry.leaf, path('proof'));
  need(equal(root, header.entriesRoot), 'receipt.inclusion', 'the entry is not in the block');
  need(
    entry.anchorHeight < header.height && header.height - entry.anchorHeight <= parameters.expiry,
    'receipt.window',
    'the block lies outside the time in which the entry could be recorded',
  );

  let notBefore = null;
  if (fields.has('anchor')) {
    const anchor = rules.decode(bytes('anchor'));
    need(
      anchor.height === entry.anchorHeight && equal(anchor.hash.slice(16), entry.anchor),
      'receipt.anchor',
      'the anchor is not the block that the author named',
    );
    const seen = rootFrom(anchor.height, header.height, leafHash(anchor.bytes), path('aproof'));
    need(equal(seen, header.historyRoot), 'receipt.anchor', 'the anchor is not an ancestor');
    notBefore = anchor.time;
  }

  let last = header;
  let workInFile = rules.work(header.bits);
  const chain = [header];
  for (const line of path('confirm')) {
    const next = rules.decode(line);
    rules.follows(last, next);
    last = next;
    workInFile += rules.work(next.bits);
    chain.push(next);
  }
  if (fields.has('tip')) {
    const tip = rules.decode(bytes('tip'));
    const held = rootFrom(header.height, tip.height, leafHash(header.bytes), path('hproof'));
    need(equal(held, tip.historyRoot), 'receipt.tip', 'the block is not in the tip’s history');
    need(tip.chainWork > header.chainWork, 'receipt.tip', 'the tip has less work than the block');
    last = tip;
    workInFile += rules.work(tip.bits);
    chain.push(tip);
  }
  const isTrusted = trusting !== null && chain.some((block) => hex(block.hash) === trusting);
  need(trusting === null || isTrusted, 'receipt.trust', 'the trusted block is not in this receipt');
  return {
    entry,
    payload,
    header,
    genesis,
    notBefore,
    notAfter: header.time,
    confirmations: last.height - header.height + 1,
    workInFile,
    workClaimedOnTop: last.chainWork - header.chainWork,
    last,
    isTrusted,
  };
}
