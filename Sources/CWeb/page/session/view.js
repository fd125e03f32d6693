// What a person sees of a meeting, computed from what is known of it.

import { hex } from '../core/bytes.js';
import { ContentType } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { safeName } from '../core/safe.js';
import { attach, depthOf, itemOfJob, statusOf } from './item.js';
import { isFalse } from './judge.js';
import { SENTENCES } from './obstacle.js';

/** The items in order, each with its step on the ladder as of the tip known here. */
export function itemsOf({ reading, jobs, tip, me }) {
  const keys = new Map(jobs.map(({ id, key }) => [id, key]));
  const items = reading.ordered();
  for (const item of items) {
    item.depth = depthOf(item, tip);
    item.status = statusOf(item);
    item.isMine = item.author === me;
    // The same key from the first to the last step, so that nothing flickers.
    item.key ??= keys.get(item.id) ?? item.id;
  }
  const waiting = jobs.filter(({ id }) => !id || !reading.items.has(id));
  return attach([...items, ...waiting.map((job) => itemOfJob(job, me))]);
}

/** What is known of the people here, by key: names are the last profile of each. */
export function peopleOf({ reading, members, revoked, host, me, myName }) {
  const people = new Map();
  const person = (key) => {
    if (!people.has(key)) {
      const member = members.get(key);
      people.set(key, {
        key,
        name: null,
        safeName: null,
        identity: null,
        isHost: key === host,
        isMe: key === me,
        state: revoked.has(key) ? 'revoked' : (member?.state ?? null),
        hasApproved: member?.hasApproved ?? false,
        count: 0,
      });
    }
    return people.get(key);
  };
  person(host);
  for (const key of members.keys()) person(key);
  for (const { author, kind, mark, content } of reading.ordered()) {
    if (!author || isFalse(mark)) continue;
    const known = person(author);
    if (content?.type === ContentType.profile) {
      known.name = content.name;
      known.identity = content.isIdentityProved ? hex(content.identity) : null;
    } else if (kind === Kind.message) known.count += 1;
  }
  if (me) person(me).name ??= myName || null;
  for (const known of people.values()) known.safeName = known.name && safeName(known.name);
  return people;
}

/** A meeting in a few plain fields. */
export function meetingOf(session) {
  const { reading, writing, lifetime } = session.terms;
  const openedAt = session.document?.openedAt ?? null;
  const { obstacle } = session;
  return {
    id: hex(session.id),
    name: session.name,
    title: session.title,
    host: session.host,
    reading: reading === 1 ? 'private' : 'public',
    writing: ['anyone', 'link', 'named'][writing],
    state: session.isClosed ? 'closed' : session.isOpened ? 'open' : 'opening',
    lifetime,
    closesAfter: lifetime > 0 && openedAt !== null ? openedAt + lifetime : null,
    isHost: session.isHost,
    isMember: session.isMember,
    canWrite: obstacle === null && session.hasJoined,
    why: obstacle,
    sentence: SENTENCES[obstacle] ?? null,
  };
}
