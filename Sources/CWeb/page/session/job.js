// One entry of this browser on its way into the chain.

import { Kind } from '../core/entry.js';

/** Steps of an entry of this browser before a node has it. */
export const Step = Object.freeze({
  waiting: 'waiting',
  stamping: 'stamping',
  submitting: 'submitting',
  sent: 'sent',
  refused: 'refused',
  expired: 'expired',
});

export const OPEN_STEPS = new Set([Step.waiting, Step.stamping, Step.submitting]);
export const SIGNED = ['id', 'body', 'payload', 'signature', 'sequence', 'previous', 'anchorHeight'];
export const STAMPED = ['work', 'nonce', 'wasSubmitted', 'why', 'rule'];

/** Whether an entry counts among its author's entries in the meeting; an `open` does not. */
export const isNumbered = (job) => job.id !== undefined && job.kind !== Kind.open;

export const headOf = ({ sequence, previous }) => ({ sequence, previous });

export const bySequence = (a, b) =>
  (a.kind === Kind.open ? -1 : a.sequence) - (b.kind === Kind.open ? -1 : b.sequence);

/** Whether a job may be given up: nobody can have seen it, or it leads nowhere. */
export const mayGo = (job) => !job.wasSubmitted || [Step.refused, Step.expired].includes(job.step);

/** Takes the signature off, so that the entry is written anew. */
export function strip(job) {
  for (const field of [...SIGNED, ...STAMPED]) delete job[field];
  job.step = Step.waiting;
}
