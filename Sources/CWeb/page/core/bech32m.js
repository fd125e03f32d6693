// Names of meetings: bech32m (BIP 350) of 32 bytes.

import { need } from './bytes.js';

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const CONSTANT = 0x2bc830a3;
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function polymod(values) {
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    for (let i = 0; i < 5; i += 1) if ((top >>> i) & 1) checksum ^= GENERATORS[i];
  }
  return checksum;
}

const expanded = (prefix) => [
  ...Array.from(prefix, (letter) => letter.charCodeAt(0) >> 5),
  0,
  ...Array.from(prefix, (letter) => letter.charCodeAt(0) & 31),
];

/** Regroups bits; leftover bits must be zeros and fewer than a whole input group. */
function regroup(values, from, to, pads) {
  let buffer = 0;
  let bits = 0;
  const result = [];
  for (const value of values) {
    buffer = (buffer << from) | value;
    bits += from;
    while (bits >= to) {
      bits -= to;
      result.push((buffer >> bits) & ((1 << to) - 1));
    }
    buffer &= (1 << bits) - 1;
  }
  if (pads) {
    if (bits > 0) result.push((buffer << (to - bits)) & ((1 << to) - 1));
  } else {
    need(bits < from && buffer === 0, 'bech32m.padding', 'the name is not in its one form');
  }
  return result;
}

/** The name of 32 bytes under a network's prefix. */
export function encodeName(prefix, bytes) {
  const data = regroup(bytes, 8, 5, true);
  const checksum = polymod([...expanded(prefix), ...data, 0, 0, 0, 0, 0, 0]) ^ CONSTANT;
  for (let i = 0; i < 6; i += 1) data.push((checksum >>> (5 * (5 - i))) & 31);
  return `${prefix}1${data.map((value) => LETTERS[value]).join('')}`;
}

/** The prefix and the 32 bytes of a name. */
export function decodeName(text) {
  need(text.length <= 90, 'bech32m.length', 'the name is too long', {
    limit: 90,
    found: text.length,
  });
  need(
    text === text.toLowerCase() || text === text.toUpperCase(),
    'bech32m.case',
    'the name mixes capital and small letters',
  );
  const folded = text.toLowerCase();
  const split = folded.lastIndexOf('1');
  need(split >= 1 && folded.length - split > 6, 'bech32m.shape', 'this is no name of a meeting');
  const prefix = folded.slice(0, split);
  const values = Array.from(folded.slice(split + 1), (letter) => LETTERS.indexOf(letter));
  need(!values.includes(-1), 'bech32m.letter', 'the name has a letter that no name has');
  need(
    polymod([...expanded(prefix), ...values]) === CONSTANT,
    'bech32m.checksum',
    'the name has a typing error',
  );
  const bytes = Uint8Array.from(regroup(values.slice(0, -6), 5, 8, false));
  need(bytes.length === 32, 'bech32m.bytes', 'the name is that of something else', {
    limit: 32,
    found: bytes.length,
  });
  return { prefix, bytes };
}
