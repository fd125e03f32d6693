// Links to meetings: `phi:<name>#<fragment>` and `https://<node>/m/<name>#<fragment>`.

import { base64url, concat, fromBase64url, need, PhiError, Reader } from './bytes.js';
import { decodeName, encodeName } from './bech32m.js';

const VERSION = 1;
const HAS_SECRET = 1;
const LENGTH_LIMIT = 1_024;
const PEER_LIMIT = 4;
const ADDRESS_BYTES = 19;

/** Reads a fragment without its `#`: the secret, null where there is none, and peers. */
export function decodeFragment(text) {
  if (text === '') return { secret: null, peers: [] };
  const reader = new Reader(fromBase64url(text));
  const version = reader.u8('version');
  need(version === VERSION, 'link.version', 'the link is of a later version', {
    limit: VERSION,
    found: version,
  });
  const flags = reader.u8('flags');
  need((flags & ~HAS_SECRET) === 0, 'link.flags', 'the link is of a later version', {
    found: flags,
  });
  const secret = flags & HAS_SECRET ? reader.take(32, 'secret') : null;
  const count = reader.u8('count of peers');
  need(count <= PEER_LIMIT, 'link.peers', 'the link names too many peers', {
    limit: PEER_LIMIT,
    found: count,
  });
  const peers = [];
  for (let i = 0; i < count; i += 1) {
    peers.push({
      address: reader.take(ADDRESS_BYTES, 'address'),
      identity: reader.take(32, 'identity'),
    });
  }
  reader.end('the link');
  return { secret, peers };
}

/** The fragment of a link, without its `#`; empty where it would say nothing. */
export function encodeFragment({ secret, peers = [] }) {
  if (!secret && peers.length === 0) return '';
  const head = Uint8Array.of(VERSION, secret ? HAS_SECRET : 0);
  const named = peers.flatMap((peer) => [peer.address, peer.identity]);
  return base64url(
    concat(head, secret ?? new Uint8Array(), Uint8Array.of(peers.length), ...named),
  );
}

/** Reads a link of either form, or a bare name. */
export function decodeLink(text, prefix) {
  const trimmed = text.trim();
  need(trimmed.length <= LENGTH_LIMIT, 'link.length', 'the link is too long', {
    limit: LENGTH_LIMIT,
    found: trimmed.length,
  });
  need(/^[!-~]+$/.test(trimmed), 'link.letters', 'the link has a space or a foreign letter in it');
  const hash = trimmed.indexOf('#');
  const place = hash < 0 ? trimmed : trimmed.slice(0, hash);
  const fragment = hash < 0 ? '' : trimmed.slice(hash + 1);
  const web = /^https?:\/\/[^/]+\/m\/([^/?]*)$/i.exec(place);
  const bare = /^(?:phi:)?([0-9a-z]+)$/i.exec(place);
  need(web || bare, 'link.shape', 'this is no link to a meeting');
  const name = decodeName((web ?? bare)[1]);
  need(prefix === undefined || name.prefix === prefix, 'link.network', 'another network', {
    limit: prefix,
    found: name.prefix,
  });
  return { prefix: name.prefix, meeting: name.bytes, ...wholeFragment(fragment) };
}

function wholeFragment(fragment) {
  try {
    return decodeFragment(fragment);
  } catch (error) {
    if (error.rule?.startsWith('link.')) throw error;
    throw new PhiError('link.fragment', 'the end of the link is damaged', { cause: error });
  }
}

/** The link for installed clients. */
export function nativeLink({ prefix, meeting, secret, peers }) {
  const fragment = encodeFragment({ secret, peers });
  return `phi:${encodeName(prefix, meeting)}${fragment && `#${fragment}`}`;
}

/** The link for browsers, through a node. */
export function webLink(origin, { prefix, meeting, secret, peers }) {
  const fragment = encodeFragment({ secret, peers });
  return `${origin}/m/${encodeName(prefix, meeting)}${fragment && `#${fragment}`}`;
}
