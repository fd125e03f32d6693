// What a host needs to shut somebody out: who stays, by which key, and the entries that do it.

import { fromHex, hex, isZero } from '../core/bytes.js';
import { ContentType, openMessage, splitPayload } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { linkSeed, publicOfSeed, randomBytes } from '../core/keys.js';
import { decodeControl, encodeRevoke, Writing } from '../core/terms.js';
import { RPCError } from '../net/rpc.js';
import { checkAlone, checkPlace, readDocument } from './judge.js';
import { listOf } from './shape.js';

const LIE = 'the node names another key than the author signed; the signed one was used';

/** Entries of an author that are looked at for one that shows that the author has the secret. */
const LOOKED_AT = 20;

/**
 * The agreement keys of those who stay, each from the `join` that its author signed and that is in
 * the chain: a node that put its own key there could read the next epoch.
 *
 * Where anybody can join, a key also counts only if one of its messages could be opened: the
 * chain lets strangers join a private meeting, and they must not be handed its secret.
 * Returns `members` (`{ author, agreement }`) and `doubtful`, keys with the reason, which get none.
 */
export async function agreements({ rpc, network, headers, reading, epochs, meeting }, members) {
  const answers = await rpc.callAll(
    members.map(({ author }) => ({
      method: 'author.history',
      params: { author, meeting: hex(meeting), limit: LOOKED_AT, proof: true },
    })),
  );
  const found = [];
  const doubtful = [];
  for (const [index, { result, error }] of answers.entries()) {
    const { author, agreementKey } = members[index];
    try {
      if (error) throw error;
      const reads = await provedEntries(listOf(result, 'entries'), author, {
        network,
        headers,
        meeting,
      });
      const agreement = agreementOf(reads[0]);
      if (agreementKey !== undefined && agreement && hex(agreement) !== agreementKey) {
        doubtful.push({ author, why: LIE, isLie: true });
      }
      if (agreement && !(await isIn(reads, reading, epochs, meeting))) {
        doubtful.push({ author, why: 'nothing shows that this author has the secret' });
      } else if (agreement) found.push({ author: fromHex(author, 32), agreement });
      else doubtful.push({ author, why: 'this author never asked for new secrets' });
    } catch (failure) {
      doubtful.push({ author, why: failure.message, isLie: !(failure instanceof RPCError) });
    }
  }
  return { members: found, doubtful };
}

async function provedEntries(documents, author, { network, headers, meeting }) {
  const reads = [];
  for (const document of documents) {
    const read = readDocument(document, network, meeting);
    await checkAlone(read, network);
    if (hex(read.entry.author) !== author || read.entry.kind === Kind.open) continue;
    reads.push({ ...read, header: checkPlace(read, headers, network) });
  }
  const failed = await headers.link(
    reads.map(({ entry, header }) => ({ entry: entry.id, header })),
  );
  return reads.filter(({ header }) => !failed.has(hex(header.hash)));
}

function agreementOf(read) {
  if (read?.entry.kind !== Kind.join || read.entry.sequence !== 0) return null;
  const { agreement } = decodeControl(Kind.join, read.payload);
  return isZero(agreement) ? null : agreement;
}

/** Whether the chain, or a message of the author, shows that the author was let in. */
async function isIn(reads, reading, epochs, meeting) {
  if (reading.terms.writing === Writing.link) return true;
  for (const { entry, payload } of reads) {
    if (entry.kind !== Kind.message || !payload) continue;
    const { author, sequence } = entry;
    const { salt, epoch, body } = splitPayload(payload, true);
    const readKey = epochs.readKey(epoch);
    const plain =
      readKey && (await openMessage({ salt, body, readKey, meeting, author, sequence }));
    if (plain) return true;
  }
  return false;
}

/** The entries that shut keys out and leave link and secret as they are. */
export const plainRevoke = (keys, linkKey) => [
  {
    kind: Kind.revoke,
    content: encodeRevoke({
      salt: randomBytes(16),
      keys,
      linkKey,
      readCheck: new Uint8Array(32),
    }),
  },
];

/**
 * The entries that shut keys out and begin an epoch: the `revoke`, then what brings the others the
 * secret. They make sense only together.
 */
export async function epochRevoke({ keys, plan, under, writing }) {
  const group = `revoke ${hex(plan.check)}`;
  const linkKey =
    writing === Writing.link
      ? await publicOfSeed(await linkSeed(plan.secret))
      : new Uint8Array(32);
  const content = encodeRevoke({ salt: randomBytes(16), keys, linkKey, readCheck: plan.check });
  const shown = { type: ContentType.epoch };
  const message = (delivery, seal) => ({
    kind: Kind.message,
    content: delivery,
    shown,
    seal,
    group,
  });
  const bridges = plan.bridge
    ? [message(plan.bridge, { epoch: plan.epoch, secret: plan.secret })]
    : [];
  return [
    { kind: Kind.revoke, content, group },
    ...plan.deliveries.map((delivery) => message(delivery, under)),
    ...bridges,
  ];
}

