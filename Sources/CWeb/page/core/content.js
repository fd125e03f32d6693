// What messages carry: public, or sealed under an epoch's key.

import { concat, need, Reader, textOf, u16, u64, utf8 } from './bytes.js';
import { SALT_BYTES } from './entry.js';
import { messageKey, seal, titleKey, unseal } from './keys.js';

export const ContentType = Object.freeze({
  text: 1,
  reply: 2,
  reaction: 3,
  correction: 4,
  filePart: 5,
  profile: 6,
  epoch: 7,
});

export const REACTION_BYTES = 32;
export const NAME_BYTES = 64;
export const PLAIN_TITLE_BYTES = 256;
export const SEALED_TITLE_BYTES = 239;

/** The Padmé length: at most 12 % longer, and few lengths in all. */
export function paddedLength(length) {
  if (length < 2) return length;
  const exponent = 31 - Math.clz32(length);
  const kept = 32 - Math.clz32(exponent);
  const mask = 2 ** (exponent - kept) - 1;
  return exponent <= kept ? length : (length + mask) & ~mask;
}

/** The text, a byte 0x80, and zeros. */
export function pad(plain) {
  const padded = new Uint8Array(paddedLength(plain.length + 1));
  padded.set(plain);
  padded[plain.length] = 0x80;
  return padded;
}

/** What was padded, in its one form. */
export function unpad(padded) {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  need(end >= 0 && padded[end] === 0x80, 'padding', 'the padding is damaged');
  need(paddedLength(end + 1) === padded.length, 'padding', 'the padding has another length');
  return padded.slice(0, end);
}

const withSubject = (type, id, text) => concat(Uint8Array.of(type), id, utf8(text));

export const textContent = (text) => concat(Uint8Array.of(ContentType.text), utf8(text));
export const replyContent = (id, text) => withSubject(ContentType.reply, id, text);
export const correctionContent = (id, text) => withSubject(ContentType.correction, id, text);

export function reactionContent(id, text) {
  const length = utf8(text).length;
  need(length <= REACTION_BYTES, 'reaction.length', 'a reaction is one sign', {
    limit: REACTION_BYTES,
    found: length,
  });
  return withSubject(ContentType.reaction, id, text);
}

export function profileContent(name) {
  const bytes = utf8(name);
  need(bytes.length <= NAME_BYTES, 'name.length', 'the name is too long', {
    limit: NAME_BYTES,
    found: bytes.length,
  });
  return concat(Uint8Array.of(ContentType.profile, bytes.length), bytes);
}

/** Reads `type | body`; text that is not UTF-8 is null. */
export function decodeContent(bytes) {
  const reader = new Reader(bytes);
  const type = reader.u8('type');
  const rest = () => reader.take(reader.rest, 'text');
  switch (type) {
    case ContentType.text:
      return { type, text: textOf(rest()) };
    case ContentType.reply:
    case ContentType.correction:
      return { type, subject: reader.take(32, 'subject'), text: textOf(rest()) };
    case ContentType.reaction: {
      const subject = reader.take(32, 'subject');
      need(reader.rest <= REACTION_BYTES, 'reaction.length', 'a reaction is too long', {
        limit: REACTION_BYTES,
        found: reader.rest,
      });
      return { type, subject, text: textOf(rest()) };
    }
    case ContentType.profile: {
      const length = reader.u8('name length');
      need(length <= NAME_BYTES, 'name.length', 'a name is too long', {
        limit: NAME_BYTES,
        found: length,
      });
      const name = textOf(reader.take(length, 'name'));
      if (reader.rest === 0) return { type, name };
      const identity = reader.take(32, 'identity');
      const signature = reader.take(64, 'signature');
      reader.end('the profile');
      return { type, name, identity, signature };
    }
    case ContentType.epoch:
      return { type, ...decodeEpoch(reader) };
    default:
      return { type, body: rest() };
  }
}

function decodeEpoch(reader) {
  const epoch = reader.u16('epoch');
  const previous = reader.take(48, 'previous');
  const count = reader.u16('count of blobs');
  const blobs = [];
  for (let i = 0; i < count; i += 1) {
    blobs.push({
      author: reader.take(32, 'author'),
      ephemeral: reader.take(32, 'E'),
      sealed: reader.take(48, 'sealed secret'),
    });
  }
  reader.end('the epoch');
  return { epoch, previous, blobs };
}

/** The payload of a public message. */
export const publicPayload = (salt, content) => concat(salt, content);

/** The payload of a private message. */
export async function privatePayload({ salt, epoch, readKey, meeting, author, sequence, content }) {
  const key = await messageKey(readKey, salt, meeting, author, sequence);
  const bound = concat(meeting, author, u64(sequence));
  return concat(salt, u16(epoch), await seal(key, pad(content), bound));
}

/** The salt and, in private meetings, the epoch of a payload, and what follows them. */
export function splitPayload(payload, isPrivate) {
  const reader = new Reader(payload);
  const salt = reader.take(SALT_BYTES, 'salt');
  const epoch = isPrivate ? reader.u16('epoch') : null;
  return { salt, epoch, body: reader.take(reader.rest, 'content') };
}

/** Opens a private message; null where the key is another one. */
export async function openMessage({ salt, body, readKey, meeting, author, sequence }) {
  const key = await messageKey(readKey, salt, meeting, author, sequence);
  const padded = await unseal(key, body, concat(meeting, author, u64(sequence)));
  return padded && unpad(padded);
}

const titleBound = (author, sequence) => concat(new Uint8Array(32), author, u64(sequence));

/** Seals the title of a private meeting. */
export async function sealTitle({ salt, readKey, author, sequence, title }) {
  const bytes = utf8(title);
  need(bytes.length <= SEALED_TITLE_BYTES, 'title.length', 'the title is too long', {
    limit: SEALED_TITLE_BYTES,
    found: bytes.length,
  });
  const key = await titleKey(readKey, salt, author, sequence);
  return seal(key, pad(bytes), titleBound(author, sequence));
}

/** Opens the title of a private meeting; null where the key is another one or it is no text. */
export async function openTitle({ salt, readKey, author, sequence, sealed }) {
  const key = await titleKey(readKey, salt, author, sequence);
  const padded = await unseal(key, sealed, titleBound(author, sequence));
  return padded && textOf(unpad(padded));
}
