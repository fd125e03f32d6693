// What a person's entries need beside their content: admission, and the seal.

import { hex, need } from '../core/bytes.js';
import { privatePayload, publicPayload } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { linkSeed, publicOfSeed, randomBytes, readKey, sign, signingKey } from '../core/keys.js';
import { admissionMessage } from '../core/signature.js';
import { encodeJoin, Writing } from '../core/terms.js';
import { SENTENCES } from './obstacle.js';

/** The `join` of an author: signed by the link's key where writing is by link. */
export async function joinPart({ meeting, me, terms, secrets }) {
  let admission = new Uint8Array(64);
  if (terms.writing === Writing.link) {
    const seed = await linkSeed(secrets.link);
    const isInForce = hex(await publicOfSeed(seed)) === hex(secrets.hostLog.linkKey);
    need(isInForce, 'join.link', 'this link no longer lets anybody in', {
      remedy: 'Ask the host for the new link.',
    });
    admission = await sign(await signingKey(seed), admissionMessage(meeting, me.key));
  }
  const { agreement } = me;
  const content = encodeJoin({ salt: randomBytes(16), admission, agreement });
  return { kind: Kind.join, content };
}

/** The payload of a job: control entries as they are, messages sealed where they must be. */
export async function payloadOf(job, sequence, { meeting, me, epochs, isPrivate }) {
  if (job.kind !== Kind.message) return job.content;
  const salt = randomBytes(16);
  if (!isPrivate) return publicPayload(salt, job.content);
  const epoch = job.seal?.epoch ?? epochs.current;
  const key = job.seal ? await readKey(job.seal.secret) : epochs.readKey(epoch);
  need(key, 'join.secret', SENTENCES.secret);
  return privatePayload({
    salt,
    epoch,
    readKey: key,
    meeting,
    author: me.key,
    sequence,
    content: job.content,
  });
}
