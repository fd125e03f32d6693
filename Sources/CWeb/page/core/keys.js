// Keys of meetings, all by WebCrypto: private keys of authors never leave it.

import { concat, need, isZero, u16, u32, u64, utf8 } from './bytes.js';
import { sha256 } from './sha256.js';

const subtle = globalThis.crypto?.subtle;
const NONCE = new Uint8Array(12);

export const randomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

/** HKDF-SHA256 with 32 bytes of output. */
export async function hkdf(secret, info, salt = new Uint8Array()) {
  const key = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info };
  return new Uint8Array(await subtle.deriveBits(parameters, key, 256));
}

/** Seals with a key that serves once, hence with a nonce of zeros. */
export async function seal(key, plain, bound = new Uint8Array()) {
  const imported = await subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  const parameters = { name: 'AES-GCM', iv: NONCE, additionalData: bound };
  return new Uint8Array(await subtle.encrypt(parameters, imported, plain));
}

/** Opens what was sealed, or null where key or bytes are other ones. */
export async function unseal(key, sealed, bound = new Uint8Array()) {
  const imported = await subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  const parameters = { name: 'AES-GCM', iv: NONCE, additionalData: bound };
  try {
    return new Uint8Array(await subtle.decrypt(parameters, imported, sealed));
  } catch {
    return null;
  }
}

/** What the chain says of a secret, so that everybody has the same one. */
export const readCheck = (secret) => sha256(concat(utf8('phi/read-check/1'), secret));

export const readKey = (secret) => hkdf(secret, utf8('phi/read/1'));

export const linkSeed = (secret) => hkdf(secret, utf8('phi/link/1'));

export const messageKey = (readKeyBytes, salt, meeting, author, sequence) =>
  hkdf(readKeyBytes, concat(utf8('phi/message/1'), meeting, author, u64(sequence)), salt);

export const titleKey = (readKeyBytes, salt, author, sequence) =>
  hkdf(readKeyBytes, concat(utf8('phi/title/1'), new Uint8Array(32), author, u64(sequence)), salt);

export const previousKey = (secret, meeting, epoch) =>
  hkdf(secret, concat(utf8('phi/previous/1'), meeting, u16(epoch)));

export const rekeyKey = (shared, ephemeral, agreement, meeting, author, epoch) =>
  hkdf(
    shared,
    concat(utf8('phi/rekey/1'), meeting, author, u16(epoch)),
    concat(ephemeral, agreement),
  );

/** Keys of a device that has a seed, as installed clients derive them. */
export const authorSeed = (seed, meeting, device) =>
  hkdf(seed, concat(utf8('phi/author/1'), meeting, u32(device)));
export const hostSeed = (seed, salt, device) =>
  hkdf(seed, concat(utf8('phi/host/1'), salt, u32(device)));
export const agreementSeed = (seed, meeting, device) =>
  hkdf(seed, concat(utf8('phi/agree/1'), meeting, u32(device)));

// Fixed heads of PKCS #8 (RFC 8410): WebCrypto takes a private key in no rawer form.
const ED25519_HEAD = Uint8Array.of(
  0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
);
const X25519_HEAD = Uint8Array.of(
  0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20,
);

/** A fresh key pair for one meeting; its private half cannot be read out. */
export const makeAuthorKeys = () => subtle.generateKey('Ed25519', false, ['sign', 'verify']);

/** A fresh key pair for agreement; its private half cannot be read out. */
export const makeAgreementKeys = (isExtractable = false) =>
  subtle.generateKey('X25519', isExtractable, ['deriveBits']);

/** The signing key of a seed. */
export const signingKey = (seed) =>
  subtle.importKey('pkcs8', concat(ED25519_HEAD, seed), 'Ed25519', false, ['sign']);

/** The agreement key of a seed. */
export const agreementKey = (seed) =>
  subtle.importKey('pkcs8', concat(X25519_HEAD, seed), 'X25519', false, ['deriveBits']);

export const publicBytes = async (key) => new Uint8Array(await subtle.exportKey('raw', key));

/** The public half of a seed's signing key. */
export async function publicOfSeed(seed) {
  const key = await subtle.importKey('pkcs8', concat(ED25519_HEAD, seed), 'Ed25519', true, [
    'sign',
  ]);
  const { x } = await subtle.exportKey('jwk', key);
  const padded = x.replaceAll('-', '+').replaceAll('_', '/') + '=';
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

export const sign = async (key, message) =>
  new Uint8Array(await subtle.sign('Ed25519', key, message));

/** The secret that two agreement keys share; all zeros are refused. */
export async function agree(key, publicKeyBytes) {
  const other = await subtle.importKey('raw', publicKeyBytes, 'X25519', false, []);
  const shared = new Uint8Array(
    await subtle.deriveBits({ name: 'X25519', public: other }, key, 256),
  );
  need(!isZero(shared), 'agreement.zero', 'the other key leads to no secret');
  return shared;
}
