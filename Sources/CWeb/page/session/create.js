// Opening a meeting: keys, secret and `open` are made here and kept before anything is sent.

import { concat, hex, need, utf8 } from '../core/bytes.js';
import { PLAIN_TITLE_BYTES, sealTitle } from '../core/content.js';
import { encodeBody, encodeEnvelope, entryID, Kind, signedMessage } from '../core/entry.js';
import { linkSeed, publicOfSeed, randomBytes, readCheck, readKey, sign } from '../core/keys.js';
import { encodeOpen, Reading, Writing } from '../core/terms.js';
import { Headers } from './headers.js';
import { anchorOf, jobOf, seenBlock } from './job.js';
import { makeRecord } from './keyring.js';
import { readNetwork } from './network.js';
import { Session } from './session.js';

const ZERO = new Uint8Array(32);
const READING = { public: Reading.everyone, private: Reading.members };

/**
 * Opens a meeting: `reading` is public or private, `writing` anyone, link or named, `lifetime` a
 * number of blocks or 0.
 *
 * Returns the open `session`, whose queue stamps and sends the `open`, and the link's parts. From
 * the moment this returns, a reload goes on where it was.
 */
export async function createMeeting({
  rpc,
  database,
  stamper,
  base,
  title,
  reading = 'private',
  writing = 'link',
  lifetime = 0,
  name = '',
}) {
  const network = readNetwork(await rpc.call('node.info'));
  const headers = new Headers(rpc, network);
  await headers.start();
  const terms = { reading: READING[reading], writing: Writing[writing], lifetime };
  need(terms.reading !== undefined && terms.writing !== undefined, 'create.terms', 'unknown terms');
  need(
    Number.isInteger(lifetime) && lifetime >= 0 && lifetime <= 0xffffffff,
    'create.lifetime',
    'the time until the end is no number of blocks',
    { limit: 0xffffffff, found: lifetime },
  );
  need(title.trim() !== '', 'create.title', 'the meeting needs a title');
  const record = await makeRecord();
  const secret =
    terms.reading === Reading.members || terms.writing === Writing.link ? randomBytes(32) : null;
  const payload = encodeOpen(await termsOf(terms, title, secret, record.author));
  const job = await signedOpen({ record, payload, headers, network });
  const meeting = entryID(job.body);
  const open = concat(encodeEnvelope(job.body, job.signature, 0n, 0n), payload);
  const kept = (what, value) => ({ store: 'meetings', key: `${hex(meeting)}/${what}`, value });
  await database.change([
    { store: 'keys', key: hex(meeting), value: record },
    { store: 'queue', key: `${hex(meeting)}/${job.key}`, value: job },
    kept('open', open),
    ...(secret ? [kept('secrets', [secret])] : []),
    ...(name ? [kept('name', name)] : []),
  ]);
  const link = { prefix: network.prefix, meeting, secret, peers: [] };
  const session = await Session.open({ rpc, database, stamper, base, link });
  if (name) await session.join(name);
  return { session, link };
}

async function termsOf(terms, title, secret, author) {
  const salt = randomBytes(16);
  const isPrivate = terms.reading === Reading.members;
  const found = utf8(title).length;
  if (!isPrivate) {
    const limit = PLAIN_TITLE_BYTES;
    need(found <= limit, 'title.length', 'the title is too long', { limit, found });
  }
  return {
    ...terms,
    salt,
    linkKey:
      terms.writing === Writing.link ? await publicOfSeed(await linkSeed(secret)) : ZERO,
    readCheck: isPrivate ? readCheck(secret) : ZERO,
    title: isPrivate
      ? await sealTitle({ salt, readKey: await readKey(secret), author, sequence: 0, title })
      : utf8(title),
  };
}

/** The `open` as a job of the queue: signed, in the host's own feed, and to be stamped there. */
async function signedOpen({ record, payload, headers, network }) {
  const seen = seenBlock(headers, network);
  const body = encodeBody({
    kind: Kind.open,
    payload,
    chain: network.chain,
    meeting: ZERO,
    author: record.author,
    sequence: 0,
    previous: ZERO,
    ...anchorOf(seen),
    authorTime: Date.now(),
  });
  const id = entryID(body);
  return {
    ...jobOf({ kind: Kind.open, content: payload }, Date.now()),
    id: hex(id),
    body,
    payload,
    signature: await sign(record.authorKeys.privateKey, signedMessage(id)),
    sequence: 0,
    previous: ZERO,
    anchorHeight: seen.height,
  };
}
