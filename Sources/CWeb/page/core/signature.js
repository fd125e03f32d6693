// Ed25519 by the network's strict rule (RFC 8032 with four byte checks before it).
//
// Libraries disagree on crafted signatures. The checks leave only those on which all of them say
// the same.

import { concat, hex } from './bytes.js';

const P = (1n << 255n) - 19n;
const L = (1n << 252n) + 27742317777372353535851937790883648493n;

function littleEndian(bytes) {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(bytes[i]);
  return value;
}

// The y coordinates of the points whose order divides 8; with and without the sign bit they are
// ten encodings, those that are not canonical having been refused before.
const SMALL = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/** Whether 32 bytes may stand for a point: canonical, and not of small order. */
export function isSoundPoint(bytes) {
  if (bytes.length !== 32) return false;
  const unsigned = bytes.slice();
  unsigned[31] &= 0x7f;
  return littleEndian(unsigned) < P && !SMALL.has(hex(unsigned));
}

/** Whether a key signed a message. */
export async function isSigned(publicKey, message, signature) {
  if (signature.length !== 64) return false;
  if (!isSoundPoint(publicKey) || !isSoundPoint(signature.subarray(0, 32))) return false;
  if (littleEndian(signature.subarray(32)) >= L) return false;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, message);
  } catch {
    return false;
  }
}

export const admissionMessage = (meeting, author) =>
  concat(new TextEncoder().encode('phi/admit/1'), meeting, author);

export const profileMessage = (meeting, author) =>
  concat(new TextEncoder().encode('phi/profile/1'), meeting, author);
