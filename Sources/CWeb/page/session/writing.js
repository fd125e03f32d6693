// What this browser writes: signed once, kept until it is recorded, sent again until it is.
//
// A number is never signed twice before the first entry with it has expired, so a queue that
// survives reloads and crashes can repeat every step without making a second entry.

import { base64, concat, hex, PhiError } from '../core/bytes.js';
import { anchorTail, encodeBody, encodeEnvelope, entryID, Kind } from '../core/entry.js';
import { minimumWork } from '../core/stamp.js';
import { RPCError, retryAfter } from '../net/rpc.js';
import { alone } from '../store/lock.js';

/** Blocks below the tip that an entry names as seen, so that a short fork does not strand it. */
const ANCHOR_DEPTH = 30;
const LAST_RETRY = 30_000;

/** Steps of an entry of this browser before a node has it. */
export const Step = Object.freeze({
  waiting: 'waiting',
  stamping: 'stamping',
  submitting: 'submitting',
  sent: 'sent',
  refused: 'refused',
  expired: 'expired',
});

/** The queue of one author in one meeting. */
export class Writing extends EventTarget {
  #rpc;
  #network;
  #headers;
  #database;
  #stamper;
  #meeting;
  #author;
  #payloadOf;
  #running = null;
  #stop = new AbortController();
  #isOver = false;
  jobs = [];

  /** - payloadOf: makes the payload of a job for a number, sealed where the meeting is private. */
  constructor({ rpc, network, headers, database, stamper, meeting, author, payloadOf }) {
    super();
    this.#rpc = rpc;
    this.#network = network;
    this.#headers = headers;
    this.#database = database;
    this.#stamper = stamper;
    this.#meeting = meeting;
    this.#author = author;
    this.#payloadOf = payloadOf;
  }

  /** Takes up what an earlier page left. */
  async resume() {
    const kept = await this.#database.list('queue', `${hex(this.#meeting)}/`);
    this.jobs = kept.map(([, job]) => job);
    this.#go();
  }

  close() {
    this.#isOver = true;
    this.#stop.abort(new Error('the page was left'));
  }

  /** Puts an entry into the queue; it is kept before this returns. */
  async add(kind, content) {
    const last = this.jobs.at(-1)?.order ?? 0;
    const job = { order: Math.max(Date.now(), last + 1), kind, content, step: Step.waiting };
    await this.#keep(job);
    this.jobs.push(job);
    this.#tell(job);
    this.#go();
    return job;
  }

  /** Takes a job back that was not signed yet; a signed one can only be let go by expiring. */
  async cancel(order) {
    const job = this.jobs.find((other) => other.order === order);
    if (!job || job.id) return false;
    await this.#drop(job);
    this.#stop.abort(new Error('stopped'));
    this.#stop = new AbortController();
    this.#go();
    return true;
  }

  /** Tries again now. */
  retry() {
    for (const job of this.jobs) if (job.step === Step.refused) job.step = Step.waiting;
    this.#wake?.();
    this.#go();
  }

  /** Tells that an entry was recorded deep enough to be forgotten here. */
  async forget(id) {
    const job = this.jobs.find((other) => other.id === id);
    if (job) await this.#drop(job);
  }

  /** Lets entries go that can no longer be recorded; the author's numbers start again there. */
  async expire() {
    const height = this.#headers.tip.height;
    const expiry = this.#network.parameters.expiry;
    const first = this.jobs.find(
      (job) => job.id && job.step !== Step.expired && job.anchorHeight + expiry < height,
    );
    if (!first) return;
    const { result, error } = (
      await this.#rpc.callAll([{ method: 'entry.status', params: { entry: first.id } }])
    )[0];
    if (error || ['recorded', 'settled', 'deep'].includes(result.status)) return;
    await alone(hex(this.#meeting), async () => {
      await this.#author.rewind(this.#meeting, {
        sequence: first.sequence,
        previous: first.previous,
      });
      for (const job of this.jobs) {
        if (!job.id || job.sequence < first.sequence) continue;
        job.step = Step.expired;
        await this.#keep(job);
        this.#tell(job);
      }
    });
  }

  #wake = null;

  #go() {
    if (this.#running || this.#isOver) return;
    this.#running = this.#run().finally(() => {
      this.#running = null;
    });
  }

  async #run() {
    let failures = 0;
    for (;;) {
      if (this.#isOver) return;
      const job = this.jobs.find(({ step }) =>
        [Step.waiting, Step.stamping, Step.submitting].includes(step),
      );
      if (!job) return;
      try {
        await alone(hex(this.#meeting), () => this.#advance(job));
        failures = 0;
      } catch (error) {
        if (this.#isOver || !this.jobs.includes(job)) continue;
        const wait = retryAfter(error);
        if (wait === null) {
          await this.#refuse(job, error);
          // What follows names this entry as the one before; it waits for a decision.
          return;
        }
        failures += 1;
        this.#tell(job);
        await this.#pause(Math.min(LAST_RETRY, wait * 2 ** Math.min(5, failures - 1)));
      }
    }
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #refuse(job, error) {
    job.step = Step.refused;
    job.why = error instanceof PhiError ? error.message : 'this browser could not sign or stamp it';
    job.rule = error.rule ?? null;
    await this.#keep(job);
    this.#tell(job);
  }

  /** Carries one job to the node; each step is kept before the next begins. */
  async #advance(job) {
    // Another tab may have done some of it meanwhile.
    const kept = await this.#database.get('queue', this.#name(job));
    if (kept) Object.assign(job, kept);
    else if (job.id) return;
    if (!job.id) await this.#sign(job);
    if (!job.nonce) await this.#stamp(job, job.work ?? 0n);
    await this.#submit(job);
  }

  async #sign(job) {
    await this.#author.refresh(this.#meeting);
    const { sequence, previous } = this.#author.head;
    const payload = await this.#payloadOf(job, sequence);
    const height = Math.max(0, this.#headers.tip.height - ANCHOR_DEPTH);
    const seen = this.#headers.at(height) ?? this.#network.genesis;
    const body = encodeBody({
      kind: job.kind,
      payload,
      chain: this.#network.chain,
      meeting: this.#meeting,
      author: this.#author.key,
      sequence,
      previous,
      anchorHeight: seen.height,
      anchor: anchorTail(seen.hash),
      authorTime: Date.now(),
    });
    const id = entryID(body);
    const signature = await this.#author.sign(id);
    await this.#author.advance(this.#meeting, sequence, id);
    Object.assign(job, {
      id: hex(id),
      body,
      payload,
      signature,
      sequence,
      previous,
      anchorHeight: seen.height,
    });
    await this.#keep(job);
  }

  async #stamp(job, least) {
    const { parameters } = this.#network;
    const floor = minimumWork(job.kind, job.sequence, job.payload.length, parameters);
    const quote = await this.#rpc.call('stamp.quote', {
      payloadBytes: job.payload.length,
      kind: NAMES[job.kind],
      seq: job.sequence,
    });
    const asked = BigInt(`0x${quote.poolWork}`);
    const work = [floor, asked, least].reduce((a, b) => (a > b ? a : b));
    job.step = Step.stamping;
    this.#tell(job);
    const nonce = await this.#stamper.find(entryID(job.body), work, {
      signal: this.#stop.signal,
      onProgress: (progress) =>
        this.dispatchEvent(new CustomEvent('progress', { detail: { job, ...progress } })),
    });
    Object.assign(job, { work, nonce });
    await this.#keep(job);
  }

  async #submit(job) {
    job.step = Step.submitting;
    this.#tell(job);
    const envelope = encodeEnvelope(job.body, job.signature, job.work, job.nonce);
    try {
      await this.#rpc.call('entry.submit', { entry: base64(concat(envelope, job.payload)) });
    } catch (error) {
      if (!(error instanceof RPCError)) throw error;
      if (error.data?.rule === 'densityTooLow' || error.data?.rule === 'pool.density') {
        job.nonce = undefined;
        await this.#stamp(job, job.work * 2n);
        return this.#submit(job);
      }
      if (!isKnown(error)) throw error;
    }
    job.step = Step.sent;
    await this.#keep(job);
    this.#tell(job);
    return undefined;
  }

  #name(job) {
    return `${hex(this.#meeting)}/${String(job.order).padStart(16, '0')}`;
  }

  #keep(job) {
    return this.#database.put('queue', this.#name(job), job);
  }

  async #drop(job) {
    await this.#database.delete('queue', this.#name(job));
    this.jobs = this.jobs.filter((other) => other !== job);
    this.#tell(job);
  }

  #tell(job) {
    this.dispatchEvent(new CustomEvent('change', { detail: { job } }));
  }
}

/** Whether a node refused an entry only because it has it. */
const isKnown = (error) => ['recorded', 'pooled'].includes(error.data?.rule);

const NAMES = Object.fromEntries(Object.entries(Kind).map(([name, kind]) => [kind, name]));

