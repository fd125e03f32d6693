// The envelope of an entry, 284 bytes, and what is hashed and signed of it.

import { concat, need, Reader, u16, u32, u64, utf8 } from './bytes.js';
import { leafHash } from './merkle.js';
import { sha256 } from './sha256.js';

export const ENVELOPE_BYTES = 284;
export const SIGNED_BYTES = 204;
export const SALT_BYTES = 16;

export const Kind = Object.freeze({
  message: 1,
  open: 2,
  join: 3,
  admit: 4,
  revoke: 5,
  close: 6,
  approve: 7,
});

const ID = utf8('phi/entry-id/v1\0');
const PAYLOAD = utf8('phi/payload/v1\0\0');
const SIGNATURE = utf8('phi/sign-entry/1');

export const payloadHash = (payload) => sha256(concat(PAYLOAD, payload));

/** The id of the 204 bytes that an author signs. */
export const entryID = (body) => sha256(concat(ID, body.subarray(0, SIGNED_BYTES)));

export const signedMessage = (id) => concat(SIGNATURE, id);

/** The last 16 bytes of a block's hash: work makes zeros of the first. */
export const anchorTail = (hash) => hash.slice(16);

/** The 204 bytes of a draft. */
export function encodeBody(draft) {
  return concat(
    u16(1),
    u16(draft.kind),
    u32(draft.payload.length),
    draft.chain,
    draft.meeting,
    draft.author,
    u64(draft.sequence),
    draft.previous,
    u32(draft.anchorHeight),
    draft.anchor,
    u64(draft.authorTime),
    payloadHash(draft.payload),
  );
}

/** The whole envelope. */
export const encodeEnvelope = (body, signature, stampWork, stampNonce) =>
  concat(body, signature, u64(stampWork), u64(stampNonce));

/** An author's clock may say anything; times past all calendars are all the same. */
const clock = (time) => Number(time < LAST_TIME ? time : LAST_TIME);
const LAST_TIME = 8_640_000_000_000_000n;

/** Reads an envelope; any kind is read, only version 1. */
export function decodeEnvelope(bytes) {
  need(bytes.length === ENVELOPE_BYTES, 'entry.length', 'an envelope has 284 bytes', {
    limit: ENVELOPE_BYTES,
    found: bytes.length,
  });
  const reader = new Reader(bytes);
  const version = reader.u16('version');
  need(version === 1, 'entry.version', 'an unknown version of entries', { found: version });
  return {
    bytes,
    kind: reader.u16('kind'),
    payloadBytes: reader.u32('payload length'),
    chain: reader.take(32, 'chain'),
    meeting: reader.take(32, 'meeting'),
    author: reader.take(32, 'author'),
    // Authors may state any 64 bits; past 2^53 they are of no use, but no reason to refuse.
    sequence: Number(reader.u64('seq')),
    previous: reader.take(32, 'prev'),
    anchorHeight: reader.u32('anchor height'),
    anchor: reader.take(16, 'anchor'),
    authorTime: Number(reader.u64('author time')),
    payloadHash: reader.take(32, 'payload hash'),
    signature: reader.take(64, 'signature'),
    stampWork: reader.u64('stamp work'),
    stampNonce: reader.u64('stamp nonce'),
    id: entryID(bytes),
    leaf: leafHash(bytes),
  };
}
