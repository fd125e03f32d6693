// One meeting as a person sees it: what was said, who is there, and what can be done.

import { hex, need, PhiError } from '../core/bytes.js';
import { encodeName } from '../core/bech32m.js';
import { ContentType, privatePayload, profileContent, publicPayload } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { linkSeed, publicOfSeed, randomBytes, readKey, sign, signingKey } from '../core/keys.js';
import { nativeLink, webLink } from '../core/link.js';
import { safeName } from '../core/safe.js';
import { admissionMessage } from '../core/signature.js';
import { encodeAdmit, encodeApprove, encodeJoin, Writing as Policy } from '../core/terms.js';
import { Live } from '../net/live.js';
import { RPCError } from '../net/rpc.js';
import { Epochs } from './epochs.js';
import { Headers } from './headers.js';
import { agreements, epochRevoke, plainRevoke } from './hosting.js';
import { HostLog } from './hostlog.js';
import { attach, depthOf, itemOfJob, statusOf } from './item.js';
import { isFalse } from './judge.js';
import { findAuthor, keepAuthor, makeRecord } from './keyring.js';
import { readNetwork } from './network.js';
import { Reading } from './reading.js';
import { openBytes, readRecord } from './record.js';
import { contentOf, SETTLED } from './send.js';
import { cursorOf, listOf, wordOf, workOf } from './shape.js';
import { obstacleError, SENTENCES } from './obstacle.js';
import { Writing } from './writing.js';

const SECRET_LIMIT = 64;
const MEMBER_PAGES = 20;
/** Events that wait to be verified at most. */
const BACKLOG = 500;

/**
 * A meeting that is open in this page.
 *
 * Events: `change` (items, people or the meeting itself; `detail.ids`), `progress` (a stamp),
 * `connection` (`detail.state` is live, polling, offline or syncing, `detail.transport` what
 * carries it), `problem` (`detail` is the `PhiError`).
 */
export class Session extends EventTarget {
  #rpc;
  #database;
  #stamper;
  #link;
  #base;
  #live = null;
  #followsMeeting = false;
  #writing = null;
  #me = null;
  #hostLog = null;
  #members = new Map();
  #isOver = false;
  #events = Promise.resolve();
  #said = null;
  secrets = [];

  constructor({ rpc, database, stamper, link, base }) {
    super();
    this.#rpc = rpc;
    this.#database = database;
    this.#stamper = stamper;
    this.#link = link;
    this.#base = base;
    this.id = link.meeting;
  }

  /** Opens a meeting by its link, verifies what the node shows, and follows it. */
  static async open(parts) {
    const session = new Session(parts);
    try {
      await session.#start();
    } catch (error) {
      session.closeSession();
      throw error;
    }
    return session;
  }

  async #start() {
    const info = await this.#rpc.call('node.info');
    this.network = readNetwork(info);
    need(
      this.#link.prefix === undefined || this.#link.prefix === this.network.prefix,
      'link.network',
      'the meeting is on another network than this node',
      {
        limit: this.network.prefix,
        found: this.#link.prefix,
        remedy: 'Open the link through a node of its network.',
      },
    );
    this.syncState = info.sync?.state;
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
    this.#me = await findAuthor(this.#database, this.id);
    await this.#readMeeting();
    this.#hostLog = new HostLog({
      rpc: this.#rpc,
      network: this.network,
      headers: this.headers,
      meeting: this.id,
      terms: this.terms,
    });
    await this.#readSecrets();
    await this.#refresh();
    if (this.#me) await this.#startWriting();
    this.#follow();
  }

  /** Leaves the meeting's page; what waits in the queue goes on when it is opened again. */
  closeSession() {
    this.#isOver = true;
    this.#live?.close();
    this.#writing?.close();
  }

  #name(what) {
    return `${hex(this.id)}/${what}`;
  }

  /** The meeting as the node knows it; one that this browser just opened may be in no block yet. */
  async #readMeeting() {
    const kept = this.isOpened ? null : await this.#database.get('meetings', this.#name('open'));
    try {
      const document = await this.#rpc.call('meeting.get', { meeting: hex(this.id) });
      // What this browser kept of it has no stamp, so that it is read again here.
      if (!this.document) await this.reading.readOpen(openBytes(document));
      this.document = document;
    } catch (error) {
      if (!(error instanceof RPCError) || error.code !== -32001) throw error;
      if (this.terms) return;
      const isSyncing = this.syncState === 'syncing';
      need(
        kept,
        isSyncing ? 'node.syncing' : 'meeting.unknown',
        isSyncing
          ? 'this node is still catching up and does not know the meeting yet'
          : 'this node does not know the meeting',
        {
          cause: error,
          remedy: isSyncing
            ? 'Wait until it has caught up, or open the link through another node.'
            : 'If it was just opened, wait for the next block; else ask for the link again.',
        },
      );
      await this.reading.readOpen(kept, { isOwn: true });
      this.document = null;
    }
  }

  /** Whether the meeting is in the chain. */
  get isOpened() {
    return Boolean(this.document);
  }

  async #readSecrets() {
    const kept = (await this.#database.get('meetings', this.#name('secrets'))) ?? [];
    const given = this.#link.secret;
    this.secrets = given ? unique([...kept, given]) : kept;
  }

  /** Reads all that may have changed. */
  async #refresh() {
    if (!this.isOpened) await this.#readMeeting();
    if (this.isOpened && this.#live && !this.#followsMeeting) this.#follow();
    await this.#readHost();
    const changed = this.isOpened ? await this.reading.readNewest() : [];
    if (this.isOpened) await this.#refreshMembers();
    return changed;
  }

  /** Learns epochs, the link's key and who was shut out from the host's own entries. */
  async #readHost() {
    const { terms } = this;
    if (!this.isPrivate && terms.writing === Policy.anyone) {
      this.title ??= await this.reading.title();
      return;
    }
    if (this.isOpened) await this.#hostLog.read();
    this.reading.linkKeys = this.#hostLog.linkKeys;
    if (!this.isPrivate) {
      this.title ??= await this.reading.title();
      await this.#keepSecrets(this.secrets);
      return;
    }
    const before = this.epochs.knownCount;
    const epochs = new Epochs(this.id);
    for (const check of this.#hostLog.checks) epochs.begin(check);
    for (const secret of this.secrets) await epochs.take(secret);
    await epochs.unfold(this.#hostLog.deliveries, this.#me);
    const ahead = await this.#database.get('meetings', this.#name('ahead'));
    if (ahead && (await epochs.take(ahead)) === null) await epochs.expect(ahead);
    this.epochs.adopt(epochs);
    // Only secrets that the chain names are kept: the others open nothing.
    await this.#keepSecrets(this.epochs.secrets());
    this.title ??= await this.reading.title();
    if (this.epochs.knownCount > before) await this.reading.reread();
  }

  async #keepSecrets(secrets) {
    const isNew = secrets.length !== this.#kept?.length || secrets.some((s, i) => s !== this.#kept[i]);
    this.secrets = secrets.length > 0 ? secrets : this.secrets;
    if (!isNew || secrets.length === 0) return;
    this.#kept = secrets.slice(0, SECRET_LIMIT);
    await this.#database.put('meetings', this.#name('secrets'), this.#kept);
  }

  #kept = null;

  /** Whether the secret of the epoch in force is known, where there is one. */
  get hasSecret() {
    return !this.isPrivate || this.epochs.has(this.epochs.current);
  }

  get isPrivate() {
    return this.reading.isPrivate;
  }

  get terms() {
    return this.reading?.terms ?? null;
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
    if (this.isRevoked) return false;
    if (this.#members.get(this.me)?.state === 'member') return true;
    return this.terms.writing === Policy.named ? this.#hostLog.admitted.has(this.me) : true;
  }

  get isRevoked() {
    return this.#hostLog.revoked.has(this.me) || this.#members.get(this.me)?.state === 'revoked';
  }

  /** Whether this browser has begun to take part, be it only in its queue. */
  get hasJoined() {
    return this.#me !== null && (this.isHost || this.#me.name !== '');
  }

  get isClosed() {
    if (this.#hostLog?.close || this.document?.state === 'closed') return true;
    const { lifetime } = this.terms;
    const openedAt = this.document?.openedAt;
    return lifetime > 0 && openedAt !== undefined && this.headers.tip.height > openedAt + lifetime;
  }

  /** Why nothing can be written here: closed, secret, revoked, named or link; null where it can. */
  get obstacle() {
    if (this.isClosed) return 'closed';
    if (!this.hasSecret) return 'secret';
    if (this.isRevoked) return 'revoked';
    const { writing } = this.terms;
    if (writing === Policy.named && !this.isMember) return 'named';
    if (writing === Policy.link && !this.isHost && !this.#hasSent && !this.#linkSecret) return 'link';
    return null;
  }

  get #hasSent() {
    return (this.#me?.head.sequence ?? 0) > 0;
  }

  get #linkSecret() {
    if (this.isPrivate) return this.epochs.secret(this.epochs.current);
    return this.#link.secret ?? this.secrets[0] ?? null;
  }

  /** The meeting in a few plain fields. */
  get meeting() {
    const { reading, writing, lifetime } = this.terms;
    const openedAt = this.document?.openedAt ?? null;
    return {
      id: hex(this.id),
      name: this.name,
      title: this.title ?? null,
      host: this.host,
      reading: reading === 1 ? 'private' : 'public',
      writing: ['anyone', 'link', 'named'][writing],
      state: this.isClosed ? 'closed' : this.isOpened ? 'open' : 'opening',
      lifetime,
      closesAfter: lifetime > 0 && openedAt !== null ? openedAt + lifetime : null,
      isHost: this.isHost,
      isMember: this.isMember,
      canWrite: this.obstacle === null && this.hasJoined,
      why: this.obstacle,
      sentence: SENTENCES[this.obstacle] ?? null,
    };
  }

  /** The items in order, each with its step on the ladder as of the tip known here. */
  get items() {
    const tip = this.headers.tip.height;
    const jobs = (this.#writing?.jobs ?? []).filter(({ kind }) => kind !== Kind.open);
    const keys = new Map(jobs.map(({ id, key }) => [id, key]));
    const items = this.reading.ordered();
    for (const item of items) {
      item.depth = depthOf(item, tip);
      item.status = statusOf(item);
      item.isMine = item.author === this.me;
      // The same key from the first to the last step, so that nothing flickers.
      item.key = keys.get(item.id) ?? item.id;
    }
    const waiting = jobs.filter(({ id }) => !id || !this.reading.items.has(id));
    return attach([...items, ...waiting.map((job) => itemOfJob(job, this.me))]);
  }

  /** What is known of the people here, by key: names are the last profile of each. */
  get people() {
    const people = new Map();
    const person = (key) => {
      if (!people.has(key)) {
        const member = this.#members.get(key);
        people.set(key, {
          key,
          name: null,
          safeName: null,
          identity: null,
          isHost: key === this.host,
          isMe: key === this.me,
          state: this.#hostLog.revoked.has(key) ? 'revoked' : (member?.state ?? null),
          hasApproved: member?.hasApproved ?? false,
          count: 0,
        });
      }
      return people.get(key);
    };
    person(this.host);
    for (const key of this.#members.keys()) person(key);
    for (const { author, kind, mark, content } of this.reading.ordered()) {
      if (!author || isFalse(mark)) continue;
      const known = person(author);
      if (content?.type === ContentType.profile) {
        known.name = content.name;
        known.identity = content.isIdentityProved ? hex(content.identity) : null;
      } else if (kind === Kind.message) known.count += 1;
    }
    if (this.#me) person(this.me).name ??= this.#me.name || null;
    for (const known of people.values()) known.safeName = known.name && safeName(known.name);
    return people;
  }

  get authors() {
    return this.people;
  }

  /** Links of this meeting, with the secret of the present epoch. */
  link({ origin }) {
    const hasSecret = this.isPrivate || this.terms.writing === Policy.link;
    const parts = {
      prefix: this.network.prefix,
      meeting: this.id,
      secret: hasSecret ? this.#linkSecret : null,
      peers: this.#link.peers ?? [],
    };
    return { web: webLink(origin, parts), native: nativeLink(parts) };
  }

  get name() {
    return encodeName(this.network.prefix, this.id);
  }

  // Reading on.

  /** Loads what was said before; whether the beginning is here. */
  async loadOlder() {
    this.#changed(await this.reading.readOlder());
    return this.reading.isWhole;
  }

  async #refreshMembers() {
    const members = new Map();
    let cursor = null;
    for (let count = 0; count < MEMBER_PAGES; count += 1) {
      const page = await this.#rpc.call('meeting.members', {
        meeting: hex(this.id),
        limit: 500,
        ...(cursor ? { cursor } : {}),
      });
      for (const member of listOf(page, 'members')) members.set(wordOf(member, 'author'), member);
      cursor = cursorOf(page);
      if (!cursor || this.#isOver) break;
    }
    this.#members = members;
  }

  /** A node refuses to follow a meeting that it does not know, so at first there are only blocks. */
  #follow() {
    this.#live?.close();
    this.#followsMeeting = this.isOpened;
    this.#live = new Live({
      base: this.#base,
      topics: ['blocks', ...(this.isOpened ? [`meeting:${hex(this.id)}`] : [])],
      onEvent: (topic, event) => this.#listen(event),
      onState: (transport) => {
        this.#connection(transport);
        // What happened while nobody listened is read once more; polling does so by itself.
        if (transport === 'websocket' || transport === 'events') this.#later(() => this.catchUp());
      },
      poll: () => this.catchUp(),
    });
  }

  /** Takes an event; many blocks at once are one move of the tip, and floods are read as a whole. */
  #listen(event) {
    const isTip = event?.event === 'connected' || event?.event === 'disconnected';
    if (this.#backlog >= BACKLOG || (isTip && this.#isTipAsked)) {
      this.#isFlooded ||= !isTip;
      return;
    }
    this.#isTipAsked ||= isTip;
    this.#backlog += 1;
    this.#later(async () => {
      this.#backlog -= 1;
      if (isTip) this.#isTipAsked = false;
      await this.#heard(event);
      if (this.#isFlooded && this.#backlog === 0) {
        this.#isFlooded = false;
        await this.catchUp();
      }
    });
  }

  #backlog = 0;
  #isTipAsked = false;
  #isFlooded = false;

  #connection(transport) {
    const states = { websocket: 'live', events: 'live', polling: 'polling', offline: 'offline' };
    const isSyncing = transport !== 'offline' && (this.headers.isBehind || this.#isSyncing);
    const state = isSyncing ? 'syncing' : states[transport];
    this.#transport = transport;
    if (!this.#isOver) {
      this.dispatchEvent(new CustomEvent('connection', { detail: { state, transport } }));
    }
  }

  #transport = 'offline';

  get #isSyncing() {
    return this.syncState === 'syncing';
  }

  /** One thing after the other: events come faster than they can be verified. */
  #later(work) {
    this.#events = this.#events
      .then(() => (this.#isOver ? undefined : work()))
      .catch((error) => this.#problem(error));
    return this.#events;
  }

  /** Reads whatever is new, without waiting for an event. */
  async catchUp() {
    const back = await this.#followTip();
    const changed = await this.#refresh();
    await this.#readState(changed, false);
    await this.#checkQueue();
    this.#changed([...back, ...changed]);
  }

  async #followTip() {
    const wasBehind = this.headers.isBehind;
    const { moved, fork } = await this.headers.follow();
    if (this.headers.isBehind !== wasBehind) this.#connection(this.#transport);
    return moved && fork !== null ? this.reading.takeBack() : [];
  }

  async #heard(event) {
    switch (event?.event) {
      case 'connected':
      case 'disconnected': {
        const back = await this.#followTip();
        if (!this.isOpened) await this.#refresh();
        await this.#checkQueue();
        this.#changed(back);
        return;
      }
      case 'entry': {
        if (event.entry?.status?.height > this.headers.tip.height) await this.#followTip();
        const isProvable = event.entry?.proof || event.entry?.status?.height === undefined;
        const changed = isProvable
          ? await this.reading.takeLive(event.entry)
          : await this.reading.readNewest();
        await this.#readState(changed);
        this.#changed(changed);
        return;
      }
      case 'dropped':
        if (this.reading.drop(event.entry)) this.#changed([event.entry]);
        await this.#checkQueue();
        return;
      case 'reset':
        await this.#followTip();
        this.#changed(await this.reading.reset());
        return;
      default:
    }
  }

  /** Reads again what control entries change: members, epochs, the end of the meeting. */
  async #readState(changed, isAlone = true) {
    const { contradiction } = this.reading;
    if (contradiction && contradiction !== this.#said) {
      this.#said = contradiction;
      this.#problem(
        new PhiError('node.contradicts', `the node contradicts what it proved: ${contradiction}`, {
          remedy: 'What was proved stays. Read this meeting through another node.',
        }),
      );
    }
    const items = changed.map((id) => this.reading.items.get(id)).filter(Boolean);
    const controls = items.filter(({ kind, height }) => kind > Kind.message && height !== null);
    const isDelivery = ({ author, isSealed, content }) =>
      author === this.host && (isSealed || content?.type === ContentType.epoch);
    if (controls.length > 0) {
      await this.#readMeeting();
      if (isAlone) await this.#refreshMembers();
    }
    const isHosts = ({ author, height }) => author === this.host && height !== null;
    if (isAlone && (controls.some(isHosts) || items.some((i) => isHosts(i) && isDelivery(i)))) {
      await this.#readHost();
    }
  }

  /** Follows up what this browser sent: forgets what is settled, sends again what was lost. */
  async #checkQueue() {
    if (!this.#writing) return;
    const tip = this.headers.tip.height;
    const isSettled = (item) => item?.header && depthOf(item, tip) >= SETTLED;
    for (const { id } of [...this.#writing.jobs]) {
      if (isSettled(this.reading.items.get(id))) await this.#writing.forget(id);
    }
    for (const id of await this.#writing.check()) {
      const item = await this.reading.prove(id);
      if (isSettled(item)) await this.#writing.forget(id);
    }
    const ahead = await this.#database.get('meetings', this.#name('ahead'));
    if (ahead) await this.#checkAhead();
  }

  /** An epoch that this browser began is no longer to come once its `revoke` is in or given up. */
  async #checkAhead() {
    const isWaiting = this.#writing.jobs.some(({ kind }) => kind === Kind.revoke);
    if (!isWaiting) await this.#database.delete('meetings', this.#name('ahead'));
  }

  #changed(ids) {
    if (!this.#isOver) this.dispatchEvent(new CustomEvent('change', { detail: { ids } }));
  }

  #problem(error) {
    if (!this.#isOver) this.dispatchEvent(new CustomEvent('problem', { detail: error }));
  }

  // Writing.

  async #startWriting() {
    if (this.#writing) return;
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
    this.#writing.addEventListener('change', ({ detail }) =>
      this.#changed([detail.job.id ?? detail.job.key]),
    );
    this.#writing.addEventListener('progress', ({ detail: { job, done, expected } }) => {
      const detail = { id: job.id, key: job.key, done, expected };
      this.dispatchEvent(new CustomEvent('progress', { detail }));
    });
    this.#writing.addEventListener('problem', ({ detail }) => this.#problem(detail));
    await this.#writing.resume();
  }

  /** The payload of a job: control entries as they are, messages sealed where they must be. */
  async #payload(job, sequence) {
    if (job.kind !== Kind.message) return job.content;
    const salt = randomBytes(16);
    if (!this.isPrivate) return publicPayload(salt, job.content);
    const epoch = job.seal?.epoch ?? this.epochs.current;
    const key = job.seal ? await readKey(job.seal.secret) : this.epochs.readKey(epoch);
    need(key, 'join.secret', SENTENCES.secret);
    return privatePayload({
      salt,
      epoch,
      readKey: key,
      meeting: this.id,
      author: this.#me.key,
      sequence,
      content: job.content,
    });
  }

  #demandOpen() {
    if (this.obstacle !== null) throw obstacleError(this.obstacle);
  }

  /** Takes part under a name: fresh keys, a `join` where the meeting asks for one, a profile. */
  async join(name) {
    this.#demandOpen();
    const content = profileContent(name);
    await this.myKey();
    const parts = [{ kind: Kind.message, content, shown: { type: ContentType.profile, name } }];
    const asksIn = this.isPrivate || this.terms.writing === Policy.link;
    if (!this.isHost && asksIn && !this.#hasSent) parts.unshift(await this.#joinPart());
    await this.#me.rename(this.id, name);
    await this.#writing.addAll(parts);
  }

  /** The key under which a named meeting's host can let this browser in, made when asked for. */
  async myKey() {
    this.#me ??= await keepAuthor(this.#database, this.id, await makeRecord());
    await this.#startWriting();
    return this.me;
  }

  async #joinPart() {
    let admission = new Uint8Array(64);
    if (this.terms.writing === Policy.link) {
      const seed = await linkSeed(this.#linkSecret);
      const isInForce = hex(await publicOfSeed(seed)) === hex(this.#hostLog.linkKey);
      need(isInForce, 'join.link', 'this link no longer lets anybody in', {
        remedy: 'Ask the host for the new link.',
      });
      admission = await sign(await signingKey(seed), admissionMessage(this.id, this.#me.key));
    }
    const { agreement } = this.#me;
    return {
      kind: Kind.join,
      content: encodeJoin({ salt: randomBytes(16), admission, agreement }),
    };
  }

  async #add(kind, content, more) {
    need(this.#writing, 'write.stranger', 'join the meeting first');
    return this.#writing.add(kind, content, more);
  }

  /** Sends a text, a reply, a reaction or a correction; it is kept before this returns. */
  async send({ type = ContentType.text, text, subject }) {
    this.#demandOpen();
    const { content, shown } = contentOf({ type, text, subject }, this.network);
    return this.#add(Kind.message, content, { shown });
  }

  /** Takes back, by key or id, what no node has seen yet or what was refused or has expired. */
  async cancel(name) {
    return this.#writing ? this.#writing.cancel(name) : false;
  }

  /** Tries again what was refused, and writes anew what has expired; all, or one by key or id. */
  async retry(name) {
    await this.#writing?.retry(name);
  }

  // What a host does.

  async admit(keys) {
    return this.#add(Kind.admit, encodeAdmit({ salt: randomBytes(16), keys }));
  }

  /**
   * Shuts authors out. With a new epoch (where the meeting has a secret) they cannot read on nor
   * come in again by the old link; the others get the new secret, and the link changes.
   *
   * Returns `doubtful`: members who get no new secret, each with the reason.
   */
  async revoke(keys, { newEpoch = true, shareHistory = true } = {}) {
    need(this.isHost && this.#writing, 'revoke.host', 'only the host can shut somebody out');
    await this.#readHost();
    const { writing } = this.terms;
    const { linkKey } = this.#hostLog;
    if (!newEpoch || (!this.isPrivate && writing !== Policy.link)) {
      await this.#writing.addAll(plainRevoke(keys, linkKey));
      return { doubtful: [] };
    }
    const kept = (secrets) => ({ store: 'meetings', key: this.#name('secrets'), value: secrets });
    if (!this.isPrivate) {
      const secret = randomBytes(32);
      const fresh = await publicOfSeed(await linkSeed(secret));
      this.secrets = unique([secret, ...this.secrets]);
      this.#link = { ...this.#link, secret };
      await this.#writing.addAll(plainRevoke(keys, fresh), [kept(this.secrets)]);
      return { doubtful: [] };
    }
    need(!this.epochs.isAhead, 'revoke.waiting', 'an epoch is being begun already', {
      remedy: 'Wait until it is recorded.',
    });
    const { members, doubtful } = await this.#staying(new Set(keys.map(hex)));
    const under = { epoch: this.epochs.current, secret: this.epochs.secret(this.epochs.current) };
    const plan = await this.epochs.prepare(members, shareHistory);
    for (const key of plan.unreachable) {
      doubtful.push({ author: hex(key), why: 'the key of this author cannot be used' });
    }
    const parts = await epochRevoke({ keys, plan, under, writing });
    // Kept in one step with the queue: a secret that were lost would shut everybody out.
    await this.#writing.addAll(parts, [
      { store: 'meetings', key: this.#name('ahead'), value: plan.secret },
    ]);
    await this.epochs.expect(plan.secret);
    this.#changed([]);
    return { doubtful };
  }

  async #staying(gone) {
    await this.#refreshMembers();
    const members = [...this.#members.values()].filter(
      ({ author, state }) =>
        state !== 'revoked' &&
        author !== this.host &&
        !gone.has(author) &&
        !this.#hostLog.revoked.has(author),
    );
    const { network, headers, reading, epochs, id: meeting } = this;
    const parts = { rpc: this.#rpc, network, headers, reading, epochs, meeting };
    const found = await agreements(parts, members);
    if (found.doubtful.some(({ isLie }) => isLie)) {
      this.#problem(
        new PhiError('node.agreement', 'the node names keys that their authors did not sign', {
          remedy: 'Those keys were not used. Host this meeting through another node.',
        }),
      );
    }
    return found;
  }

  async closeMeeting() {
    need(this.isHost, 'close.host', 'only the host can end the meeting');
    return this.#add(Kind.close, randomBytes(16));
  }

  /**
   * Reads and verifies the whole record; gives each line of the minutes to `take`.
   *
   * Returns `digest` (`count`, `root`) and, once the meeting has ended, the `verdict`.
   */
  record({ take, onProgress, withReceipts = false } = {}) {
    const { network, id: meeting } = this;
    const open = this.reading.open;
    return readRecord({ rpc: this.#rpc, network, meeting, open, take, onProgress, withReceipts });
  }

  /** Signs the minutes as they are computed here from all records. */
  async approve() {
    need(this.isClosed, 'approve.open', 'minutes are signed when the meeting has ended');
    const { verdict } = await this.record();
    need(verdict, 'approve.open', 'minutes are signed when the meeting has ended');
    const { close, digest } = verdict;
    const { count, root } = digest;
    return this.#add(Kind.approve, encodeApprove({ salt: randomBytes(16), close, count, root }));
  }

  /** The receipt of an entry, as text. */
  async receipt(id) {
    const params = { entry: id, confirmations: SETTLED };
    return wordOf(await this.#rpc.call('entry.receipt', params), 'receipt', 65_536);
  }

  /** How long a message of so many bytes takes to stamp on this machine, in milliseconds. */
  async estimate(bytes) {
    const quote = await this.#rpc.call('stamp.quote', {
      payloadBytes: Math.max(16, bytes + 64),
      seq: this.#me?.head.sequence ?? 0,
    });
    return this.#stamper.estimate(workOf(quote, 'poolWork'));
  }
}

/** The same secrets, each once. */
const unique = (secrets) => [...new Map(secrets.map((secret) => [hex(secret), secret])).values()];

/** Opens a meeting by its link's parts; `database` and `stamper` are shared by the page. */
export const openSession = (parts) => Session.open(parts);
