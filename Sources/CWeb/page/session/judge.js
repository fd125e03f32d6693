// What an entry that a node showed is worth, without trust in the node.

import { equal, fromBase64, hex, need, PhiError } from '../core/bytes.js';
import { decodeEnvelope, Kind, payloadHash, signedMessage } from '../core/entry.js';
import { rootFrom } from '../core/merkle.js';
import { isSigned } from '../core/signature.js';
import { isStamped, minimumWork } from '../core/stamp.js';

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
});

/** Reads a document of `meeting.history` or of an event; throws where it is not even an entry. */
export function readDocument(document, network, meeting) {
  const entry = decodeEnvelope(fromBase64(document.envelope));
  need(hex(entry.id) === document.entry, 'entry.id', 'the node gives the entry another name');
  need(equal(entry.chain, network.chain), 'entry.chain', 'the entry belongs to another chain');
  const home = entry.kind === Kind.open ? entry.id : entry.meeting;
  need(equal(home, meeting), 'entry.meeting', 'the entry belongs to another meeting');
  const payload = document.payload === undefined ? null : fromBase64(document.payload);
  return { entry, payload, status: document.status, proof: document.proof };
}

/** Checks all of an entry that needs no chain; the promise fails with the rule that is broken. */
export async function checkAlone({ entry, payload }, network) {
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
  const isRight = await isSigned(entry.author, signedMessage(entry.id), entry.signature);
  need(isRight, 'entry.signature', 'the signature is not the author’s');
}

/** Checks that an entry is in the block that the node names; gives that block's header. */
export function checkPlace({ entry, proof, status }, headers) {
  need(proof, 'entry.proof', 'the node does not show the way to the block');
  const header = headers.decode(fromBase64(proof.header));
  const root = rootFrom(
    proof.index,
    header.entryCount,
    entry.leaf,
    proof.path.map(fromBase64),
  );
  need(equal(root, header.entriesRoot), 'entry.place', 'the entry is not in that block');
  need(
    status === undefined || status.height === undefined || status.height === header.height,
    'entry.place',
    'the node names another block than it shows',
  );
  return header;
}

/** A sentence for whatever went wrong. */
export const reasonOf = (error) =>
  error instanceof PhiError ? error.message : 'the node shows something unreadable';
