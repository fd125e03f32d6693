// How a host shuts somebody out: who stays, by which key, and the entries that do it.

import { fromHex, hex, isZero, need, PhiError } from '../core/bytes.js';
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
async function agreements({ rpc, network, headers, reading, epochs, meeting }, members) {
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

const revoke = (keys, linkKey, readCheck = new Uint8Array(32)) => ({
  kind: Kind.revoke,
  content: encodeRevoke({ salt: randomBytes(16), keys, linkKey, readCheck }),
});

const linkKeyOf = async (secret) => publicOfSeed(await linkSeed(secret));

/**
 * Shuts keys out, as the host of a room, with a new epoch or without.
 *
 * Returns the members who get no new secret, each with the reason; `failed` is told of a lie.
 */
export async function shutOut({ rpc, room, writing, failed, ...wish }) {
  const { network, headers, reading, secrets, epochs, id: meeting } = room;
  await room.readHost();
  await room.refreshMembers();
  const { members } = room;
  const { parts, kept, secret, doubtful } = await revocation({
    ...wish, rpc, network, headers, reading, meeting, members, secrets,
  });
  // Kept in one step with the queue: a secret that were lost would shut everybody out.
  await writing.addAll(parts, kept);
  if (secret) await epochs.expect(secret);
  if (doubtful.some(({ isLie }) => isLie)) {
    failed(
      new PhiError('node.agreement', 'the node names keys that their authors did not sign', {
        remedy: 'Those keys were not used. Host this meeting through another node.',
      }),
    );
  }
  return doubtful;
}

/**
 * What it takes to shut keys out: `parts` for the queue, what is `kept` in one step with them, and
 * the `secret` of an epoch that begins.
 *
 * `doubtful` are members who get no new secret, each with the reason.
 */
async function revocation(wish) {
  const { keys, newEpoch, secrets, reading } = wish;
  const isByLink = reading.terms.writing === Writing.link;
  if (!newEpoch || (!reading.isPrivate && !isByLink)) {
    const parts = [revoke(keys, secrets.hostLog.linkKey)];
    return { parts, kept: [], secret: null, doubtful: [] };
  }
  if (reading.isPrivate) return epochRevocation(wish, isByLink);
  const secret = randomBytes(32);
  const parts = [revoke(keys, await linkKeyOf(secret))];
  return { parts, kept: secrets.renew(secret), secret: null, doubtful: [] };
}

async function epochRevocation(wish, isByLink) {
  const { keys, secrets, shareHistory } = wish;
  const { epochs } = secrets;
  need(!epochs.isAhead, 'revoke.waiting', 'an epoch is being begun already', {
    remedy: 'Wait until it is recorded.',
  });
  const staying = stayingOf(wish);
  const { members, doubtful } = await agreements({ ...wish, epochs }, staying);
  const under = { epoch: epochs.current, secret: epochs.secret(epochs.current) };
  const plan = await epochs.prepare(members, shareHistory);
  for (const key of plan.unreachable) {
    doubtful.push({ author: hex(key), why: 'the key of this author cannot be used' });
  }
  const linkKey = isByLink ? await linkKeyOf(plan.secret) : new Uint8Array(32);
  const group = `revoke ${hex(plan.check)}`;
  const shown = { type: ContentType.epoch };
  const message = (content, seal) => ({ kind: Kind.message, content, shown, seal, group });
  const parts = [
    { ...revoke(keys, linkKey, plan.check), group },
    ...plan.deliveries.map((delivery) => message(delivery, under)),
  ];
  if (plan.bridge) parts.push(message(plan.bridge, { epoch: plan.epoch, secret: plan.secret }));
  return { parts, kept: secrets.ahead(plan.secret), secret: plan.secret, doubtful };
}

/** Members who are not shut out, by this wish or by the host's own entries. */
function stayingOf({ keys, members, secrets, reading }) {
  const gone = new Set([...keys.map(hex), hex(reading.terms.host)]);
  return [...members.values()].filter(
    ({ author, state }) =>
      state !== 'revoked' && !gone.has(author) && !secrets.hostLog.revoked.has(author),
  );
}
