// What an entry that a node showed is worth, without trust in the node.

import { equal, fromBase64, fromHex, hex, need, PhiError } from '../core/bytes.js';
import { anchorTail, decodeEnvelope, Kind, payloadHash, signedMessage } from '../core/entry.js';
import { rootFrom } from '../core/merkle.js';
import { isSigned } from '../core/signature.js';
import { isStamped, minimumWork } from '../core/stamp.js';
import { digestOf, listOf } from './shape.js';

/** How an entry looks when all that can be checked here was. */
export const Mark = Object.freeze({
  /** Signed by its author, stamped, and in a block of the chain known. */
  verified: 'verified',
  /** Signed and stamped, and not in a block yet. */
  pending: 'pending',
  /** Something about it is not what its author signed, or it is not where the node says. */
  changed: 'changed',
  /** The author signed entries before it that the node does not show. */
  missing: 'missing',
  /** Nobody signed it, or nobody who may write here. */
  invented: 'invented',
});

/** Whether a mark says that an item is not to be believed. */
export const isFalse = (mark) => mark === Mark.changed || mark === Mark.invented;

const LETTERS = 44_072;
const textField = (document, field) => {
  const value = document[field];
  need(
    typeof value === 'string' && value.length <= LETTERS,
    'entry.shape',
    'the node shows something that is no entry',
  );
  return fromBase64(value);
};

/** Reads a document of `meeting.history` or of an event; throws where it is not even an entry. */
export function readDocument(document, network, meeting) {
  const isObject = document !== null && typeof document === 'object';
  need(isObject, 'entry.shape', 'the node shows something that is no entry');
  const entry = decodeEnvelope(textField(document, 'envelope'));
  need(hex(entry.id) === document.entry, 'entry.id', 'the node changed what the author signed');
  need(equal(entry.chain, network.chain), 'entry.chain', 'the entry belongs to another chain');
  const home = entry.kind === Kind.open ? entry.id : entry.meeting;
  need(equal(home, meeting), 'entry.meeting', 'the entry belongs to another meeting');
  const payload = typeof document.payload === 'string' ? textField(document, 'payload') : null;
  return { entry, payload, status: document.status ?? {}, proof: document.proof ?? null };
}

/** Checks that its author signed an entry, whatever came with it. */
export async function checkSignature({ entry }) {
  const isRight = await isSigned(entry.author, signedMessage(entry.id), entry.signature);
  need(isRight, 'entry.signature', 'the author never signed this');
}

/** Checks payload and stamp of an entry. */
export function checkBytes({ entry, payload }, network) {
  if (payload) {
    need(
      payload.length === entry.payloadBytes && equal(payloadHash(payload), entry.payloadHash),
      'entry.payload',
      'the text is not the one that was signed',
    );
  } else {
    need(entry.kind === Kind.message, 'entry.payload', 'the node keeps back what it must show');
  }
  const floor = minimumWork(
    entry.kind,
    entry.sequence,
    entry.payloadBytes,
    network.parameters,
  );
  need(
    entry.stampWork >= floor && isStamped(entry.id, entry.stampWork, entry.stampNonce),
    'entry.stamp',
    'the stamp does not show its work',
  );
}

/** Checks all of an entry that needs no chain; the promise fails with the rule that is broken. */
export async function checkAlone(read, network) {
  await checkSignature(read);
  checkBytes(read, network);
}

/** Checks that an entry is in the block that the node shows; gives that block's header. */
export function checkPlace({ entry, proof, status }, headers, network) {
  need(proof, 'entry.proof', 'the node does not show the way to the block');
  const header = headers.decode(textField(proof, 'header'));
  need(Number.isSafeInteger(proof.index), 'entry.place', 'the entry is not in that block');
  const path = listOf(proof, 'path', 32).map((_, step) => fromHex(digestOf(proof.path, step), 32));
  const root = rootFrom(proof.index, header.entryCount, entry.leaf, path);
  need(equal(root, header.entriesRoot), 'entry.place', 'the entry is not in that block');
  need(
    (status.height ?? header.height) === header.height &&
      (status.index ?? proof.index) === proof.index,
    'entry.place',
    'the node names another place than it shows',
  );
  need(
    entry.anchorHeight < header.height &&
      header.height - entry.anchorHeight <= network.parameters.expiry,
    'entry.window',
    'the block lies outside the time in which the entry could be recorded',
  );
  const seen = headers.at(entry.anchorHeight);
  need(
    !seen || equal(anchorTail(seen.hash), entry.anchor),
    'entry.anchor',
    'the author had seen another chain',
  );
  return header;
}

/** The mark for whatever went wrong. */
export const markOf = (error) =>
  error.rule === 'entry.signature' || error.rule === 'entry.shape' ? Mark.invented : Mark.changed;

/** A sentence for whatever went wrong. */
export const reasonOf = (error) =>
  error instanceof PhiError ? error.message : 'the node shows something unreadable';
