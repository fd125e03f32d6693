// What this browser writes: signed once, kept until it is recorded, sent again until it is.
//
// A number is never signed twice before the first entry with it has expired, so a queue that
// survives reloads and crashes can repeat every step without making a second entry. All tabs share
// one queue: whichever holds the lock does the next step, whoever asked for it.

import { hex, need, PhiError } from '../core/bytes.js';
import { retryAfter } from '../net/rpc.js';
import { alone } from '../store/lock.js';
import { Delivery } from './delivery.js';
import {
  bySequence,
  headOf,
  isNumbered,
  jobOf,
  mayGo,
  OPEN_STEPS,
  restore,
  Step,
  Stopped,
  strip,
} from './job.js';

const LAST_RETRY = 30_000;
const JOB_LIMIT = 500;
const STATUS_LIMIT = 100;

/** The queue of one author in one meeting. */
export class Writing extends EventTarget {
  #rpc;
  #network;
  #headers;
  #database;
  #meeting;
  #author;
  #delivery;
  #running = null;
  #isAsked = false;
  #stop = new AbortController();
  #current = null;
  #wake = () => {};
  #isAlone = false;
  #isOver = false;
  #lastOrder = 0;
  jobs = [];

  /** - payloadOf: makes the payload of a job for a number, sealed where the meeting is private. */
  constructor({ rpc, network, headers, database, stamper, meeting, author, payloadOf }) {
    super();
    this.#rpc = rpc;
    this.#network = network;
    this.#headers = headers;
    this.#database = database;
    this.#meeting = meeting;
    this.#author = author;
    this.#delivery = new Delivery({
      rpc,
      network,
      headers,
      stamper,
      meeting,
      author,
      payloadOf,
      place: (job) => this.#name(job),
      keep: (job) => this.#keep(job),
      tell: (job) => this.#tell(job),
      progress: (job, progress) =>
        this.dispatchEvent(new CustomEvent('progress', { detail: { job, ...progress } })),
    });
  }

  /** Takes up what an earlier page left. */
  async resume() {
    await this.refresh();
    this.#go();
  }

  close() {
    this.#isOver = true;
    this.#wake();
    this.#stop.abort(new Stopped());
  }

  /**
   * Puts an entry into the queue; it is kept before this returns.
   *
   * - shown: what people see of it until it can be read from the chain.
   * - seal: the epoch to seal under, `{ epoch, secret }`, where it is not the one in force.
   * - group: a name that jobs share which make sense only together.
   */
  async add(kind, content, more = {}) {
    return (await this.addAll([{ kind, content, ...more }]))[0];
  }

  /** Puts several entries into the queue, all or none, in one step with what the caller keeps. */
  async addAll(parts, kept = []) {
    need(this.jobs.length + parts.length <= JOB_LIMIT, 'queue.full', 'too many entries wait', {
      limit: JOB_LIMIT,
      found: this.jobs.length,
      remedy: 'Wait until some of them are recorded.',
    });
    const jobs = parts.map((part) => {
      const last = Math.max(this.#lastOrder, this.jobs.at(-1)?.order ?? 0);
      this.#lastOrder = Math.max(Date.now(), last + 1);
      return jobOf(part, this.#lastOrder);
    });
    await this.#database.change([
      ...jobs.map((job) => ({ store: 'queue', key: this.#name(job), value: job })),
      ...kept,
    ]);
    for (const job of jobs) if (!this.#find(job.key)) this.jobs.push(job);
    this.jobs.sort((a, b) => (a.key < b.key ? -1 : 1));
    jobs.forEach((job) => this.#tell(job));
    this.#go();
    return jobs;
  }

  #find(name) {
    return this.jobs.find(({ id, key }) => id === name || key === name);
  }

  /**
   * Takes a job back, by its key or id: one that no node has seen, or one that was refused or has
   * expired. Its number is free again; whatever was signed after it is signed anew.
   */
  async cancel(name) {
    const job = this.#find(name);
    if (!job || !mayGo(job)) return false;
    if (this.#current === job) {
      this.#stop.abort(new Stopped());
      this.#stop = new AbortController();
    }
    return this.#alone(async () => {
      if (!this.jobs.includes(job) || !mayGo(job)) return false;
      const others = job.step === Step.expired ? [] : this.#unsigned(job);
      const together = this.jobs.filter(
        (other) => other === job || (job.group && other.group === job.group && mayGo(other)),
      );
      const gone = [...others, ...together.map((j) => ({ store: 'queue', key: this.#name(j) }))];
      if (isNumbered(job) && job.step !== Step.expired) {
        await this.#author.refresh(this.#meeting);
        await this.#author.rewind(this.#meeting, headOf(job), gone);
      } else {
        await this.#database.change(gone);
      }
      this.jobs = this.jobs.filter((other) => !together.includes(other));
      together.forEach((other) => this.#tell(other));
      this.#go();
      return true;
    });
  }

  /** Jobs after another one, without their signatures, to be kept so. */
  #unsigned(job) {
    if (!isNumbered(job)) return [];
    const later = this.jobs.filter((other) => isNumbered(other) && other.sequence > job.sequence);
    for (const other of later) strip(other);
    return later.map((other) => ({ store: 'queue', key: this.#name(other), value: other }));
  }

  /** Tries what was refused again, and writes anew what has expired; all, or one by key or id. */
  async retry(name) {
    await this.#alone(async () => {
      for (const job of this.jobs) {
        if (name !== undefined && job.id !== name && job.key !== name) continue;
        if (job.step === Step.expired) strip(job);
        else if (job.step !== Step.refused) continue;
        job.step = Step.waiting;
        await this.#keep(job);
        this.#tell(job);
      }
    });
    this.#wake();
    this.#go();
  }

  /** Forgets an entry that was recorded deep enough. */
  async forget(id) {
    const job = this.jobs.find((other) => other.id === id);
    if (!job) return;
    await this.#database.delete('queue', this.#name(job));
    this.jobs = this.jobs.filter((other) => other !== job);
    this.#tell(job);
  }

  /**
   * Asks what became of entries that were sent: those that the node lost are sent again, those
   * whose time is over expire. Returns the ids of those that the node says are settled.
   */
  async check() {
    await this.refresh();
    const sent = this.jobs.filter(({ step }) => step === Step.sent).slice(0, STATUS_LIMIT);
    if (sent.length === 0) return [];
    const answers = await this.#rpc.callAll(
      sent.map(({ id }) => ({ method: 'entry.status', params: { entry: id } })),
    );
    const settled = [];
    const lost = [];
    for (const [index, { result, error }] of answers.entries()) {
      if (error) continue;
      if (result.status === 'settled' || result.status === 'deep') settled.push(sent[index].id);
      if (result.status === 'unknown' || result.status === 'expired') lost.push(sent[index]);
    }
    if (lost.length > 0) await this.#takeUp(lost);
    return settled;
  }

  async #takeUp(lost) {
    const { height } = this.#headers.tip;
    const { expiry } = this.#network.parameters;
    await this.#alone(async () => {
      const held = lost.filter((job) => this.jobs.includes(job) && job.step === Step.sent);
      const isOver = (job) => job.anchorHeight + expiry < height;
      const first = held.filter(isNumbered).sort(bySequence).find(isOver);
      if (first) await this.#expire(first);
      for (const job of held) {
        if (job.step !== Step.sent) continue;
        job.step = Step.submitting;
        await this.#keep(job);
        this.#tell(job);
      }
    });
    this.#go();
  }

  /** Lets an entry go that can no longer be recorded, and what names it as the one before. */
  async #expire(first) {
    const over = this.jobs.filter((job) => isNumbered(job) && job.sequence >= first.sequence);
    for (const job of over) job.step = Step.expired;
    await this.#author.refresh(this.#meeting);
    await this.#author.rewind(
      this.#meeting,
      headOf(first),
      over.map((job) => ({ store: 'queue', key: this.#name(job), value: job })),
    );
    over.forEach((job) => this.#tell(job));
  }

  #go() {
    this.#isAsked = true;
    if (this.#running || this.#isOver) return;
    this.#running = this.#run().finally(() => {
      this.#running = null;
      if (this.#isAsked && !this.#isOver) this.#go();
    });
  }

  async #run() {
    let failures = 0;
    while (!this.#isOver && this.#isAsked) {
      this.#isAsked = false;
      let job = null;
      try {
        await this.#alone(async () => {
          job = this.#next();
          this.#current = job;
          if (job) await this.#carry(job);
        });
        if (job) this.#isAsked = true;
        failures = 0;
      } catch (error) {
        this.#isAsked = true;
        if (this.#isOver || error instanceof Stopped) continue;
        const asked = retryAfter(error);
        const wait = (job && asked) ?? 3_000;
        // What does not pass by itself, such as a browser without room, is for the person to know.
        if (!job || asked === null) {
          this.dispatchEvent(new CustomEvent('problem', { detail: error }));
        }
        failures += 1;
        if (job) Object.assign(job, { why: error.message });
        if (job) this.#tell(job);
        await this.#pause(Math.min(LAST_RETRY, wait * 2 ** Math.min(5, failures - 1)));
      } finally {
        this.#current = null;
      }
    }
  }

  /** Carries a job on; what must not be tried again is refused while no other tab can take it. */
  async #carry(job) {
    try {
      if (await this.#delivery.carry(job, this.#stop.signal)) return;
    } catch (error) {
      const isFinal = !(error instanceof Stopped) && retryAfter(error) === null;
      if (this.#isOver || !isFinal) throw error;
      await this.#refuse(job, error);
      return;
    }
    await this.#database.delete('queue', this.#name(job));
    this.jobs = this.jobs.filter((other) => other !== job);
  }

  /** Works on the jobs as they are kept, while no other tab does. */
  #alone(work) {
    return alone(hex(this.#meeting), async () => {
      await this.refresh();
      this.#isAlone = true;
      try {
        return await work();
      } finally {
        this.#isAlone = false;
      }
    });
  }

  /**
   * Makes the jobs here those that are kept: other tabs add, carry on and end them.
   *
   * It may be asked for at any time. What is in work here is newer than what is kept of it.
   */
  async refresh() {
    const wasAlone = this.#isAlone;
    const kept = await this.#database.list('queue', `${hex(this.#meeting)}/`);
    const known = new Map(this.jobs.map((job) => [job.key, job]));
    this.jobs = kept.map(([, job]) => {
      const here = known.get(job.key);
      if (!here) return job;
      return wasAlone || this.#isAlone ? here : restore(here, job);
    });
  }

  /** The job to carry on with: what was signed first, and nothing past a refusal. */
  #next() {
    if (this.jobs.some(({ step, id }) => step === Step.refused && id)) return null;
    const refused = new Set(
      this.jobs.filter(({ step, group }) => step === Step.refused && group).map((j) => j.group),
    );
    const open = this.jobs.filter(({ step, group }) => OPEN_STEPS.has(step) && !refused.has(group));
    const signed = open.filter(({ id }) => id).sort(bySequence);
    return signed[0] ?? open[0] ?? null;
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

  /** Refuses a job, unless that cannot be kept: then it is carried on with later. */
  async #refuse(job, error) {
    const refused = {
      step: Step.refused,
      why: error instanceof PhiError ? error.message : 'this browser could not sign or stamp it',
      rule: error.rule ?? null,
    };
    if (this.#find(job.key)) await this.#keep({ ...job, ...refused });
    Object.assign(job, refused);
    this.#tell(job);
  }

  #name(job) {
    return `${hex(this.#meeting)}/${job.key}`;
  }

  #keep(job) {
    return this.#database.put('queue', this.#name(job), job);
  }

  #tell(job) {
    this.dispatchEvent(new CustomEvent('change', { detail: { job } }));
  }
}
