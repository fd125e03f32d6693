// Peers of a link: the addresses at which nodes can be called, with their identities.

import { concat, fromHex } from './bytes.js';

const LIMIT = 3;

/** Peers from texts of the form `IDENTITY@HOST:PORT`; those with a name for a host are left out. */
export function peersOf(texts) {
  return texts.map(peerOf).filter(Boolean).slice(0, LIMIT);
}

function peerOf(text) {
  const [, identity, host, port] = /^([0-9a-f]{64})@(.+):(\d{1,5})$/.exec(String(text)) ?? [];
  const address = identity && (narrow(host) ?? wide(host));
  if (!address || Number(port) < 1 || Number(port) > 65_535) return null;
  const tail = Uint8Array.of(Number(port) >> 8, Number(port) & 0xff);
  return { address: concat(address, tail), identity: fromHex(identity, 32) };
}

/** The kind and the bytes of an IPv4 address, which is held as one of IPv6. */
function narrow(host) {
  const bytes = host.split('.').map(Number);
  // Digits as they are written shortest: a zero in front means octal ones to some readers.
  const isByte = (byte) => byte >= 0 && byte < 256;
  const isOne = bytes.length === 4 && host === bytes.join('.') && bytes.every(isByte);
  if (!isOne || bytes.every((byte) => byte === 0)) return null;
  return Uint8Array.of(4, ...new Array(10).fill(0), 0xff, 0xff, ...bytes);
}

/** The kind and the bytes of an IPv6 address; browsers write each in its one short form. */
function wide(host) {
  const bare = /^\[(.*)\]$/.exec(host)?.[1] ?? host;
  if (!bare.includes(':') || !URL.canParse(`ws://[${bare}]/`)) return null;
  const [head, tail] = new URL(`ws://[${bare}]/`).hostname.slice(1, -1).split('::');
  const groups = (part) => (part ? part.split(':') : []);
  const after = groups(tail);
  const before = groups(head);
  const gap = new Array(8 - before.length - after.length).fill('0');
  const words = [...before, ...(tail === undefined ? [] : gap), ...after];
  const bytes = words.flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 0xff]);
  const isNarrow = bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255';
  if (bytes.slice(isNarrow ? 12 : 0).every((byte) => byte === 0)) return null;
  return Uint8Array.of(isNarrow ? 4 : 6, ...bytes);
}
