// The payloads of control entries: fixed layouts, no bytes left over.

import { compare, concat, isZero, need, Reader, u16, u32, u64 } from './bytes.js';
import { Kind, SALT_BYTES } from './entry.js';

export const Reading = Object.freeze({ everyone: 0, members: 1 });
export const Writing = Object.freeze({ anyone: 0, link: 1, named: 2 });

const TITLE_BYTES = 256;
const LIST_LIMIT = 1_000;

export const encodeOpen = (terms) =>
  concat(
    terms.salt,
    Uint8Array.of(terms.reading, terms.writing),
    terms.linkKey,
    terms.readCheck,
    u32(terms.lifetime),
    u16(terms.title.length),
    terms.title,
  );

export const encodeJoin = ({ salt, admission, agreement }) => concat(salt, admission, agreement);

export function encodeKeys(keys) {
  const sorted = [...keys].sort(compare);
  return concat(u16(sorted.length), ...sorted);
}

export const encodeAdmit = ({ salt, keys }) => concat(salt, encodeKeys(keys));

export const encodeRevoke = ({ salt, keys, linkKey, readCheck }) =>
  concat(salt, encodeKeys(keys), linkKey, readCheck);

export const encodeApprove = ({ salt, close, count, root }) =>
  concat(salt, close, u64(count), root);

function readKeys(reader, least) {
  const count = reader.u16('count');
  need(count >= least && count <= LIST_LIMIT, 'list.count', 'a list has another length', {
    limit: LIST_LIMIT,
    found: count,
  });
  const keys = [];
  for (let i = 0; i < count; i += 1) {
    const key = reader.take(32, 'key');
    need(i === 0 || compare(keys[i - 1], key) < 0, 'list.order', 'a list does not rise');
    keys.push(key);
  }
  return keys;
}

function readTerms(reader, salt) {
  const reading = reader.u8('reading');
  const writing = reader.u8('writing');
  need(reading <= 1 && writing <= 2, 'terms', 'unknown terms of a meeting');
  const linkKey = reader.take(32, 'link key');
  const check = reader.take(32, 'read check');
  need(writing === Writing.link || isZero(linkKey), 'terms', 'a link key that admits nobody');
  need(reading === Reading.members || isZero(check), 'terms', 'a read check that binds nobody');
  const lifetime = reader.u32('lifetime');
  const length = reader.u16('title length');
  need(length <= TITLE_BYTES, 'title.length', 'the title is too long', {
    limit: TITLE_BYTES,
    found: length,
  });
  const title = reader.take(length, 'title');
  return { salt, reading, writing, linkKey, readCheck: check, lifetime, title };
}

/** Reads the payload of a control entry. */
export function decodeControl(kind, payload) {
  const reader = new Reader(payload);
  const salt = reader.take(SALT_BYTES, 'salt');
  let fields;
  switch (kind) {
    case Kind.open:
      fields = readTerms(reader, salt);
      break;
    case Kind.join:
      fields = {
        salt,
        admission: reader.take(64, 'admission'),
        agreement: reader.take(32, 'agreement key'),
      };
      break;
    case Kind.admit:
      fields = { salt, keys: readKeys(reader, 1) };
      break;
    case Kind.revoke:
      fields = {
        salt,
        keys: readKeys(reader, 0),
        linkKey: reader.take(32, 'link key'),
        readCheck: reader.take(32, 'read check'),
      };
      break;
    case Kind.close:
      fields = { salt };
      break;
    case Kind.approve:
      fields = {
        salt,
        close: reader.take(32, 'close'),
        count: reader.count('count'),
        root: reader.take(32, 'root'),
      };
      break;
    default:
      need(false, 'kind', 'an unknown kind of entry', { found: kind });
  }
  reader.end('the payload');
  return fields;
}
