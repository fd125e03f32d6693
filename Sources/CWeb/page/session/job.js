// One entry of this browser on its way into the chain.

import { hex, need, PhiError } from '../core/bytes.js';
import { anchorTail, Kind } from '../core/entry.js';
import { randomBytes } from '../core/keys.js';
import { minimumWork } from '../core/stamp.js';
import { workOf } from './shape.js';

/** Blocks below the tip that an entry names as seen, so that a short fork does not strand it. */
const ANCHOR_DEPTH = 30;
/** What a node may ask for: so many times the network's least work, or as much as a minute's. */
const PRICE_FACTOR = 64n;
const PRICE_FLOOR = 50_000_000n;

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
const SIGNED = ['id', 'body', 'payload', 'signature', 'sequence', 'previous', 'anchorHeight'];
const STAMPED = ['work', 'nonce', 'wasSubmitted', 'why', 'rule'];

/** A job for an entry that is still to be signed; its key orders it among all tabs' jobs. */
export const jobOf = ({ kind, content, shown = null, seal = null, group = null }, order) => ({
  key: `${String(order).padStart(16, '0')} ${hex(randomBytes(4))}`,
  order,
  kind,
  content,
  shown,
  seal,
  group,
  step: Step.waiting,
});

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

/**
 * Makes a job as it is kept. A stamp that there was no room to keep stays with its entry: it is not
 * searched for again.
 */
export function restore(job, kept) {
  const { id, work, nonce } = job;
  for (const field of [...SIGNED, ...STAMPED]) if (!(field in kept)) delete job[field];
  const isStamped = nonce !== undefined && id === kept.id;
  return Object.assign(job, isStamped ? { work, nonce } : {}, kept);
}

/** The work on an entry was given up. */
export class Stopped extends PhiError {
  constructor() {
    super('stamp.stopped', 'the work was stopped');
  }
}

/** The block that a new entry names as seen. */
export const seenBlock = (headers, network) =>
  headers.at(Math.max(0, headers.tip.height - ANCHOR_DEPTH)) ?? network.genesis;

/** Whether a node refused an entry only because it has it. */
export const isKnown = (error, job) =>
  error.rule === 'recorded' || (error.rule === 'pooled' && error.data.found === job.id);

const NAMES = Object.fromEntries(Object.entries(Kind).map(([name, kind]) => [kind, name]));

/** How an entry names a block as seen. */
export const anchorOf = ({ height, hash }) => ({ anchorHeight: height, anchor: anchorTail(hash) });

/** The work that a stamp must show here and now; a node that asks for too much is refused. */
export async function priceOf(job, least, { parameters }, rpc) {
  const floor = minimumWork(job.kind, job.sequence, job.payload.length, parameters);
  const quote = await rpc.call('stamp.quote', {
    payloadBytes: job.payload.length,
    kind: NAMES[job.kind],
    seq: job.sequence,
  });
  const work = [floor, workOf(quote, 'poolWork'), least].reduce((a, b) => (a > b ? a : b));
  const limit = floor * PRICE_FACTOR > PRICE_FLOOR ? floor * PRICE_FACTOR : PRICE_FLOOR;
  need(work <= limit, 'stamp.price', 'the node asks for far more work than the network', {
    limit,
    found: work,
    remedy: 'Try again later, or write through another node.',
  });
  return work;
}
