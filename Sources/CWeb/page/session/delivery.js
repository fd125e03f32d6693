// One entry on its way to the node: signed, stamped, given. Each step is kept before the next.

import { base64, concat, hex } from '../core/bytes.js';
import { encodeBody, encodeEnvelope, entryID, Kind } from '../core/entry.js';
import { RPCError } from '../net/rpc.js';
import { anchorOf, isKnown, priceOf, seenBlock, Step } from './job.js';

const RESTAMPS = 4;

/**
 * Carries the jobs of one author in one meeting.
 *
 * - payloadOf: makes the payload of a job for a number, sealed where the meeting is private.
 * - place: the name under which a job is kept. - keep: keeps it. - tell: says that it changed.
 * - progress: hears how far a stamp is.
 */
export class Delivery {
  #parts;

  constructor(parts) {
    this.#parts = parts;
  }

  /** Carries a job to the node as far as is still to do; false where its like has been done. */
  async carry(job, signal) {
    if (!job.id && !(await this.#sign(job))) return false;
    if (job.nonce === undefined) await this.#stamp(job, 0n, signal);
    await this.#submit(job, signal);
    return true;
  }

  /** Signs a job; false for a second `join`, which nothing needs. */
  async #sign(job) {
    const { author, meeting, network, headers, payloadOf, place } = this.#parts;
    await author.refresh(meeting);
    const { sequence, previous } = author.head;
    if (job.kind === Kind.join && sequence > 0) return false;
    const payload = await payloadOf(job, sequence);
    const seen = seenBlock(headers, network);
    const body = encodeBody({
      kind: job.kind,
      payload,
      chain: network.chain,
      meeting,
      author: author.key,
      sequence,
      previous,
      ...anchorOf(seen),
      authorTime: Date.now(),
    });
    const id = entryID(body);
    const signature = await author.sign(id);
    const anchorHeight = seen.height;
    const signed = { id: hex(id), body, payload, signature, sequence, previous, anchorHeight };
    await author.advance(meeting, sequence, id, [
      { store: 'queue', key: place(job), value: { ...job, ...signed } },
    ]);
    Object.assign(job, signed);
    return true;
  }

  async #stamp(job, least, signal) {
    const { network, rpc, stamper, tell, keep, progress } = this.#parts;
    const work = await priceOf(job, least, network, rpc);
    job.step = Step.stamping;
    tell(job);
    const onProgress = (detail) => progress(job, detail);
    const nonce = await stamper.find(entryID(job.body), work, { signal, onProgress });
    Object.assign(job, { work, nonce });
    await keep(job);
  }

  async #submit(job, signal) {
    const { rpc, tell, keep } = this.#parts;
    const step = async (fields) => {
      Object.assign(job, fields);
      await keep(job);
      tell(job);
    };
    for (let attempt = 0; ; attempt += 1) {
      await step({ step: Step.submitting, wasSubmitted: true });
      const envelope = encodeEnvelope(job.body, job.signature, job.work, job.nonce);
      try {
        await rpc.call('entry.submit', { entry: base64(concat(envelope, job.payload)) });
        break;
      } catch (error) {
        if (!(error instanceof RPCError)) throw error;
        if (isKnown(error, job)) break;
        if (attempt >= RESTAMPS || !/density|stamp/i.test(error.rule)) throw error;
        await this.#stamp(job, job.work * 2n, signal);
      }
    }
    await step({ step: Step.sent, why: null });
  }
}
