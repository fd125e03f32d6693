// One meeting as a person sees it: what was said, who is there, and what can be done.

import { equal, fromHex, hex, isZero, need } from '../core/bytes.js';
import { encodeName } from '../core/bech32m.js';
import {
  ContentType,
  correctionContent,
  privatePayload,
  profileContent,
  publicPayload,
  reactionContent,
  replyContent,
  textContent,
} from '../core/content.js';
import { Kind } from '../core/entry.js';
import { linkSeed, publicOfSeed, randomBytes, sign, signingKey } from '../core/keys.js';
import { nativeLink, webLink } from '../core/link.js';
import { admissionMessage } from '../core/signature.js';
import {
  decodeControl,
  encodeAdmit,
  encodeApprove,
  encodeJoin,
  encodeRevoke,
  Writing as WritingPolicy,
} from '../core/terms.js';
import { Live } from '../net/live.js';
import { Epochs } from './epochs.js';
import { Headers } from './headers.js';
import { checkAlone, Mark, readDocument } from './judge.js';
import { findAuthor, keepAuthor, makeRecord } from './keyring.js';
import { readNetwork } from './network.js';
import { Reading } from './reading.js';
import { Step, Writing } from './writing.js';

const SETTLED = 12;
const DEEP = 60;
const KEPT_SECRETS = 'secrets';

/**
 * A meeting that is open in this page.
 *
 * Events: `change` (items, people or the meeting itself), `progress` (a stamp), `connection`
 * (`detail.state` is websocket, events, polling or offline), `problem` (`detail` is the error).
 */
export class Session extends EventTarget {
  #rpc;
  #database;
  #stamper;
  #link;
  #live = null;
  #writing = null;
  #me = null;
  #members = new Map();
  #isOver = false;
  #events = Promise.resolve();

  constructor({ rpc, database, stamper, link }) {
    super();
    this.#rpc = rpc;
    this.#database = database;
    this.#stamper = stamper;
    this.#link = link;
    this.id = link.meeting;
  }

  /** Opens a meeting by its link, verifies what the node shows, and follows it. */
  static async open(parts) {
    const session = new Session(parts);
    await session.#start();
    return session;
  }

  async #start() {
    const info = await this.#rpc.call('node.info');
    this.network = readNetwork(info);
    need(
      this.#link.prefix === undefined || this.#link.prefix === this.network.prefix,
      'link.network',
      'the meeting is on another network than this node',
      { limit: this.network.prefix, found: this.#link.prefix },
    );
    this.syncState = info.sync.state;
    this.headers = new Headers(this.#rpc, this.network);
    await this.headers.start();
    this.epochs = new Epochs(this.id);
    this.reading = new Reading({
      rpc: this.#rpc,
      network: this.network,
      headers: this.headers,
      meeting: this.id,
      epochs: this.epochs,
    });
    await this.#readMeeting();
    this.#me = await findAuthor(this.#database, this.id);
    await this.#readEpochs();
    await this.reading.readNewest();
    await this.#refreshMembers();
    if (this.#me) await this.#startWriting();
    this.#follow();
  }

  close() {
    this.#isOver = true;
    this.#live?.close();
    this.#writing?.close();
  }

  async #readMeeting() {
    this.document = await this.#rpc.call('meeting.get', { meeting: hex(this.id) });
    await this.reading.readOpen(this.document.open);
    const secret = this.#link.secret;
    if (!this.reading.isPrivate && !secret) return;
    const kept = (await this.#database.get('meetings', this.#name(KEPT_SECRETS))) ?? [];
    this.secrets = secret ? [secret, ...kept] : kept;
  }

  #name(what) {
    return `${hex(this.id)}/${what}`;
  }

  /** Learns all epochs from the host's own entries, and all secrets that can be opened. */
  async #readEpochs() {
    const { terms } = this.reading;
    if (!this.reading.isPrivate) {
      this.title = await this.reading.title();
      return;
    }
    const before = this.epochs.knownCount;
    const epochs = new Epochs(this.id);
    epochs.begin(terms.readCheck);
    const entries = await this.reading.hostEntries();
    for (const { entry, payload } of entries) {
      if (entry.kind !== Kind.revoke) continue;
      const { readCheck } = decodeControl(Kind.revoke, payload);
      if (!isZero(readCheck)) epochs.begin(readCheck);
    }
    for (const secret of this.secrets ?? []) await epochs.take(secret);
    await epochs.unfold(entries, this.#me);
    this.epochs.adopt(epochs);
    this.secrets = this.epochs.secrets();
    await this.#database.put('meetings', this.#name(KEPT_SECRETS), this.secrets);
    this.title = await this.reading.title();
    if (this.epochs.knownCount > before) await this.reading.reread();
  }

  /** Whether the link's secret is one that the chain names. */
  get hasSecret() {
    return !this.reading.isPrivate || this.epochs.has(this.epochs.current);
  }

  get isPrivate() {
    return this.reading.isPrivate;
  }

  get terms() {
    return this.reading.terms;
  }

  get host() {
    return hex(this.terms.host);
  }

  get me() {
    return this.#me ? hex(this.#me.key) : null;
  }

  get isHost() {
    return this.me === this.host;
  }

  get isMember() {
    if (!this.#me) return false;
    if (this.isHost) return true;
    const known = this.#members.get(this.me);
    if (known) return known.state !== 'revoked';
    return this.terms.writing === WritingPolicy.anyone && this.hasJoined;
  }

  get isRevoked() {
    return this.#members.get(this.me)?.state === 'revoked';
  }

  /** Whether this browser has begun to take part, be it only in its queue. */
  get hasJoined() {
    return this.#me !== null;
  }

  get isClosed() {
    const { lifetime } = this.terms;
    const hasEnded =
      lifetime > 0 && this.headers.tip.height > this.document.openedAt + lifetime;
    return this.document.state === 'closed' || hasEnded;
  }

  /** Why nothing can be written here, or null where it can. */
  get obstacle() {
    if (this.isClosed) return 'closed';
    if (!this.hasSecret) return 'secret';
    if (this.isRevoked) return 'revoked';
    if (this.terms.writing === WritingPolicy.named && !this.isMember) return 'named';
    if (this.terms.writing === WritingPolicy.link && !this.isMember && !this.#linkSecret) {
      return 'link';
    }
    return null;
  }

  get #linkSecret() {
    return this.isPrivate
      ? this.epochs.secret(this.epochs.current)
      : (this.secrets?.[0] ?? this.#link.secret);
  }

  /** The items in order, each with its step on the ladder as of the tip known here. */
  get items() {
    const tip = this.headers.tip.height;
    const items = this.reading.ordered();
    const jobs = new Map((this.#writing?.jobs ?? []).filter(({ id }) => id).map((j) => [j.id, j]));
    for (const item of items) {
      if (item.height !== null) {
        item.depth = Math.max(0, tip - item.height + 1);
        item.status =
          item.depth >= DEEP ? 'deep' : item.depth >= SETTLED ? 'settled' : 'recorded';
      } else {
        item.depth = 0;
      }
      jobs.delete(item.id);
    }
    const waiting = (this.#writing?.jobs ?? []).filter((job) => !job.id || jobs.has(job.id));
    return [...items, ...waiting.map((job) => this.#itemOf(job))];
  }

  #itemOf(job) {
    return {
      id: job.id ?? `queue ${job.order}`,
      order: job.order,
      kind: job.kind,
      author: this.me,
      sequence: job.sequence ?? Number.MAX_SAFE_INTEGER,
      time: job.order,
      status: job.step === Step.expired ? 'expired' : 'sending',
      step: job.step,
      why: job.why ?? null,
      height: null,
      index: null,
      depth: 0,
      mark: Mark.pending,
      content: job.shown ?? null,
      isSealed: false,
      isMine: true,
    };
  }

  /** What is known of the people here, by key: names are the last profile of each. */
  get people() {
    const people = new Map();
    const person = (key) => {
      if (!people.has(key)) {
        people.set(key, {
          key,
          name: null,
          isHost: key === this.host,
          isMe: key === this.me,
          state: this.#members.get(key)?.state ?? null,
          hasApproved: this.#members.get(key)?.hasApproved ?? false,
          count: 0,
        });
      }
      return people.get(key);
    };
    person(this.host);
    for (const key of this.#members.keys()) person(key);
    for (const item of this.reading.ordered()) {
      if (!item.author || item.mark === Mark.changed) continue;
      const known = person(item.author);
      if (item.content?.type === ContentType.profile) {
        known.name = item.content.name;
        known.identity = item.content.isIdentityProved ? hex(item.content.identity) : null;
      } else if (item.kind === Kind.message) known.count += 1;
    }
    if (this.#me && this.#me.name && people.has(this.me)) people.get(this.me).name ??= this.#me.name;
    return people;
  }

  /** Link of this meeting, with the secret of the present epoch. */
  link(origin) {
    const secret = this.isPrivate || this.terms.writing === WritingPolicy.link
      ? this.#linkSecret
      : null;
    const parts = {
      prefix: this.network.prefix,
      meeting: this.id,
      secret,
      peers: this.#link.peers ?? [],
    };
    return { web: webLink(origin, parts), native: nativeLink(parts) };
  }

  get name() {
    return encodeName(this.network.prefix, this.id);
  }

  // Reading on.

  async loadOlder() {
    const changed = await this.reading.readOlder();
    this.#changed(changed);
    return this.reading.isWhole;
  }

  async #refreshMembers() {
    const members = new Map();
    let cursor;
    do {
      const page = await this.#rpc.call('meeting.members', {
        meeting: hex(this.id),
        limit: 500,
        ...(cursor ? { cursor } : {}),
      });
      for (const member of page.members) members.set(member.author, member);
      cursor = page.next;
    } while (cursor && !this.#isOver);
    this.#members = members;
  }

  #follow() {
    this.#live = new Live({
      topics: ['blocks', `meeting:${hex(this.id)}`],
      onEvent: (topic, event) => {
        this.#events = this.#events.then(() => this.#heard(event)).catch((error) => {
          this.#problem(error);
        });
      },
      onState: (state) => {
        this.dispatchEvent(new CustomEvent('connection', { detail: { state } }));
        // What happened while nobody listened is read once more.
        if (state !== 'offline') this.#events = this.#events.then(() => this.#catchUp());
      },
      poll: () => this.#catchUp(),
    });
  }

  async #catchUp() {
    try {
      await this.headers.follow();
      const changed = await this.reading.readNewest();
      await this.#readState(changed);
      this.#changed(changed);
    } catch (error) {
      this.#problem(error);
      throw error;
    }
  }

  async #heard(event) {
    if (this.#isOver) return;
    switch (event.event) {
      case 'connected':
      case 'disconnected':
        await this.headers.follow();
        await this.#writing?.expire();
        this.#changed([]);
        return;
      case 'entry': {
        if (event.entry.status?.height > this.headers.tip.height) await this.headers.follow();
        const known = this.reading.items.get(event.entry.entry);
        const isBack = known && known.height !== null && event.entry.status?.height === undefined;
        const changed = event.entry.proof || event.entry.status?.height === undefined
          ? await this.reading.takeLive(event.entry)
          : await this.reading.readNewest();
        for (const id of changed) {
          const item = this.reading.items.get(id);
          if (isBack && item) item.status = 'returned';
        }
        await this.#readState(changed);
        this.#changed(changed);
        return;
      }
      case 'dropped':
        this.reading.items.delete(event.entry);
        await this.#writing?.expire();
        this.#changed([event.entry]);
        return;
      case 'reset':
        await this.headers.follow();
        this.#changed(await this.reading.reset());
        return;
      default:
    }
  }

  /** Reads again what control entries change: members, epochs, the end of the meeting. */
  async #readState(changed) {
    const items = changed.map((id) => this.reading.items.get(id)).filter(Boolean);
    const controls = items.filter(({ kind, height }) => kind !== Kind.message && height !== null);
    const deliveries = items.filter(
      ({ author, kind, isSealed }) => author === this.host && (kind === Kind.revoke || isSealed),
    );
    if (controls.length > 0) {
      this.document = await this.#rpc.call('meeting.get', { meeting: hex(this.id) });
      await this.#refreshMembers();
    }
    if (this.isPrivate && (deliveries.length > 0 || controls.some((c) => c.kind === Kind.revoke))) {
      await this.#readEpochs();
    } else {
      const opened = items.filter(({ content }) => content?.type === ContentType.epoch);
      if (this.isPrivate && opened.length > 0) await this.#readEpochs();
    }
    for (const item of items) {
      if (item.depth >= SETTLED || item.height !== null) await this.#writing?.forget(item.id);
    }
  }

  #changed(ids) {
    if (!this.#isOver) this.dispatchEvent(new CustomEvent('change', { detail: { ids } }));
  }

  #problem(error) {
    if (!this.#isOver) this.dispatchEvent(new CustomEvent('problem', { detail: error }));
  }

  // Writing.

  async #startWriting() {
    this.#writing = new Writing({
      rpc: this.#rpc,
      network: this.network,
      headers: this.headers,
      database: this.#database,
      stamper: this.#stamper,
      meeting: this.id,
      author: this.#me,
      payloadOf: (job, sequence) => this.#payload(job, sequence),
    });
    this.#writing.addEventListener('change', () => this.#changed([]));
    this.#writing.addEventListener('progress', ({ detail }) =>
      this.dispatchEvent(new CustomEvent('progress', { detail })),
    );
    await this.#writing.resume();
  }

  /** The payload of a job: control entries as they are, messages sealed where they must be. */
  async #payload(job, sequence) {
    if (job.kind !== Kind.message) return job.content;
    const salt = randomBytes(16);
    if (!this.isPrivate) return publicPayload(salt, job.content);
    const epoch = job.epoch ?? this.epochs.current;
    const readKey = this.epochs.readKey(epoch);
    need(readKey, 'epoch.unknown', 'this browser has not the secret of the present epoch');
    return privatePayload({
      salt,
      epoch,
      readKey,
      meeting: this.id,
      author: this.#me.key,
      sequence,
      content: job.content,
    });
  }

  /** Takes part under a name: fresh keys, a `join` where the meeting asks for one, a profile. */
  async join(name) {
    need(this.obstacle === null, `join.${this.obstacle}`, 'this meeting cannot be joined now');
    const content = profileContent(name);
    if (!this.#me) {
      this.#me = await keepAuthor(this.#database, this.id, await makeRecord());
      await this.#me.rename(this.id, name);
      await this.#startWriting();
      if (this.isPrivate || this.terms.writing === WritingPolicy.link) await this.#addJoin();
    }
    await this.#me.rename(this.id, name);
    await this.#add(Kind.message, content, { type: ContentType.profile, name });
  }

  /** The key under which a named meeting's host can let this browser in, made when asked for. */
  async myKey() {
    this.#me ??= await keepAuthor(this.#database, this.id, await makeRecord());
    if (!this.#writing) await this.#startWriting();
    return this.me;
  }

  async #addJoin() {
    let admission = new Uint8Array(64);
    if (this.terms.writing === WritingPolicy.link) {
      const seed = await linkSeed(this.#linkSecret);
      need(
        hex(await publicOfSeed(seed)) === this.document.linkKey,
        'join.link',
        'the link no longer lets anybody in',
      );
      admission = await sign(await signingKey(seed), admissionMessage(this.id, this.#me.key));
    }
    const agreement = this.#me.agreement;
    await this.#writing.add(Kind.join, encodeJoin({ salt: randomBytes(16), admission, agreement }));
  }

  async #add(kind, content, shown) {
    need(this.#writing, 'write.stranger', 'join the meeting first');
    const job = await this.#writing.add(kind, content);
    job.shown = shown;
    this.#changed([]);
    return job;
  }

  /** Sends a text, a reply, a reaction or a correction; it is kept before this returns. */
  send({ type = ContentType.text, text, subject }) {
    const id = subject;
    const content = {
      [ContentType.text]: () => textContent(text),
      [ContentType.reply]: () => replyContent(id, text),
      [ContentType.reaction]: () => reactionContent(id, text),
      [ContentType.correction]: () => correctionContent(id, text),
    }[type]();
    const limit = this.network.parameters.maximumPayloadBytes - 64;
    need(content.length <= limit, 'message.length', 'the message is too long', {
      limit,
      found: content.length,
    });
    return this.#add(Kind.message, content, { type, text, subject });
  }

  cancel(order) {
    return this.#writing.cancel(order);
  }

  retry() {
    this.#writing?.retry();
  }

  // What a host does.

  admit(keys) {
    return this.#add(Kind.admit, encodeAdmit({ salt: randomBytes(16), keys }));
  }

  /**
   * Shuts authors out. With a new epoch they cannot read on; the others get its secret, and the
   * link's secret is the new one.
   */
  async revoke(keys, { startsEpoch = this.isPrivate, sharesHistory = true } = {}) {
    const gone = new Set(keys.map(hex));
    let linkKey = this.terms.writing === WritingPolicy.link
      ? fromHex(this.document.linkKey, 32)
      : new Uint8Array(32);
    let readCheck = new Uint8Array(32);
    let plan = null;
    if (startsEpoch && this.isPrivate) {
      plan = await this.epochs.prepare(await this.#agreements(gone), sharesHistory);
      readCheck = plan.check;
      if (this.terms.writing === WritingPolicy.link) {
        linkKey = await publicOfSeed(await linkSeed(plan.secret));
      }
      // Kept before anything names it: a secret that were lost would shut everybody out.
      this.secrets = [plan.secret, ...this.secrets];
      await this.#database.put('meetings', this.#name(KEPT_SECRETS), this.secrets);
    }
    const under = this.epochs.current;
    await this.#add(Kind.revoke, encodeRevoke({ salt: randomBytes(16), keys, linkKey, readCheck }));
    if (!plan) return { unreachable: [] };
    await this.epochs.expect(plan);
    for (const delivery of plan.deliveries) {
      const job = await this.#add(Kind.message, delivery, { type: ContentType.epoch });
      job.epoch = under;
    }
    if (plan.bridge) {
      const job = await this.#add(Kind.message, plan.bridge, { type: ContentType.epoch });
      job.epoch = plan.epoch;
    }
    return { unreachable: plan.unreachable.map(hex) };
  }

  /**
   * The agreement keys of those who stay, each from the `join` that its author signed: a node that
   * put its own key there could read the next epoch.
   */
  async #agreements(gone) {
    const staying = [...this.#members.values()].filter(
      ({ author, state }) => state !== 'revoked' && author !== this.host && !gone.has(author),
    );
    const answers = await this.#rpc.callAll(
      staying.map(({ author }) => ({
        method: 'author.history',
        params: { author, meeting: hex(this.id), limit: 1, direction: 'forward' },
      })),
    );
    const members = [];
    for (const [index, { result, error }] of answers.entries()) {
      const author = fromHex(staying[index].author, 32);
      let agreement = null;
      if (!error && result.entries.length === 1) {
        const read = readDocument(result.entries[0], this.network, this.id);
        await checkAlone(read, this.network);
        if (equal(read.entry.author, author) && read.entry.kind === Kind.join) {
          agreement = decodeControl(Kind.join, read.payload).agreement;
        }
      }
      members.push({ author, agreement });
    }
    return members;
  }

  closeMeeting() {
    return this.#add(Kind.close, randomBytes(16));
  }

  /** Signs the minutes as they were computed here from all records. */
  approve({ close, count, root }) {
    return this.#add(
      Kind.approve,
      encodeApprove({ salt: randomBytes(16), close, count, root }),
    );
  }

  /** The receipt of an entry, as text. */
  async receipt(id) {
    const { receipt } = await this.#rpc.call('entry.receipt', { entry: id, confirmations: 6 });
    return receipt;
  }

  /** How long a message of so many bytes takes to stamp on this machine, in milliseconds. */
  async estimate(bytes) {
    const quote = await this.#rpc.call('stamp.quote', {
      payloadBytes: Math.max(16, bytes + 32),
      seq: this.#me?.head.sequence ?? 0,
    });
    return this.#stamper.estimate(BigInt(`0x${quote.poolWork}`));
  }
}
