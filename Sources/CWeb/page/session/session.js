// One meeting as a person sees it: what was said, who is there, and what can be done.

import { hex, need, PhiError } from '../core/bytes.js';
import { encodeName } from '../core/bech32m.js';
import { ContentType, profileContent } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { randomBytes } from '../core/keys.js';
import { nativeLink, webLink } from '../core/link.js';
import { encodeAdmit, encodeApprove, Writing as Policy } from '../core/terms.js';
import { RPCError } from '../net/rpc.js';
import { joinPart, payloadOf, readMembers } from './entering.js';
import { Epochs } from './epochs.js';
import { Headers } from './headers.js';
import { revocation } from './hosting.js';
import { depthOf, SETTLED } from './item.js';
import { findAuthor, keepAuthor, makeRecord } from './keyring.js';
import { Listening } from './listening.js';
import { readNetwork } from './network.js';
import { obstacleError, unknownMeeting } from './obstacle.js';
import { Reading } from './reading.js';
import { openBytes, readRecord } from './record.js';
import { Secrets } from './secrets.js';
import { contentOf } from './send.js';
import { wordOf, workOf } from './shape.js';
import { isClosed, isMember, isRevoked, obstacleOf } from './standing.js';
import { itemsOf, meetingOf, peopleOf } from './view.js';
import { Writing } from './writing.js';

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
  #listening = null;
  #followsMeeting = false;
  #writing = null;
  #me = null;
  #secrets = null;
  #members = new Map();
  #isOver = false;
  #said = null;
  title = null;

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
    this.#secrets = new Secrets({
      rpc: this.#rpc,
      network: this.network,
      headers: this.headers,
      database: this.#database,
      meeting: this.id,
      terms: this.terms,
      given: this.#link.secret,
      epochs: this.epochs,
    });
    await this.#secrets.load();
    await this.#refresh();
    if (this.#me) await this.#startWriting();
    this.#follow();
  }

  /** Leaves the meeting's page; what waits in the queue goes on when it is opened again. */
  closeSession() {
    this.#isOver = true;
    this.#listening?.close();
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
      if (!kept) throw unknownMeeting(this.syncState === 'syncing', error);
      await this.reading.readOpen(kept, { isOwn: true });
      this.document = null;
    }
  }

  /** Whether the meeting is in the chain. */
  get isOpened() {
    return Boolean(this.document);
  }

  /** Reads all that may have changed. */
  async #refresh() {
    if (!this.isOpened) await this.#readMeeting();
    if (this.isOpened && this.#listening && !this.#followsMeeting) this.#follow();
    await this.#readHost();
    const changed = this.isOpened ? await this.reading.readNewest() : [];
    if (this.isOpened) await this.#refreshMembers();
    return changed;
  }

  /** Learns epochs, the link's key and who was shut out from the host's own entries. */
  async #readHost() {
    const opensMore = await this.#secrets.read(this.isOpened, this.#me);
    this.reading.linkKeys = this.#secrets.hostLog.linkKeys;
    this.title ??= await this.reading.title();
    if (opensMore) await this.reading.reread();
  }

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

  get #standing() {
    return {
      document: this.document,
      terms: this.terms,
      hostLog: this.#secrets?.hostLog,
      tip: this.headers.tip,
      members: this.#members,
      me: this.me,
      host: this.host,
      hasSecret: this.hasSecret,
      hasSent: this.#hasSent,
      link: this.#secrets?.link,
    };
  }

  get isMember() {
    return isMember(this.#standing);
  }

  get isRevoked() {
    return isRevoked(this.#standing);
  }

  /** Whether this browser has begun to take part, be it only in its queue. */
  get hasJoined() {
    return this.#me !== null && (this.isHost || this.#me.name !== '');
  }

  get isClosed() {
    return isClosed(this.#standing);
  }

  /** Why nothing can be written here: closed, secret, revoked, named or link; null where it can. */
  get obstacle() {
    return obstacleOf(this.#standing);
  }

  get #hasSent() {
    return (this.#me?.head.sequence ?? 0) > 0;
  }

  /** The meeting in a few plain fields. */
  get meeting() {
    return meetingOf(this);
  }

  /** The items in order, each with its step on the ladder as of the tip known here. */
  get items() {
    const jobs = this.#writing?.jobs ?? [];
    return itemsOf({ reading: this.reading, jobs, tip: this.headers.tip.height, me: this.me });
  }

  /** What is known of the people here, by key: names are the last profile of each. */
  get people() {
    return peopleOf({
      reading: this.reading,
      members: this.#members,
      revoked: this.#secrets.hostLog.revoked,
      host: this.host,
      me: this.me,
      myName: this.#me?.name,
    });
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
      secret: hasSecret ? this.#secrets.link : null,
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
    this.#members = await readMembers(this.#rpc, this.id);
  }

  /** A node refuses to follow a meeting that it does not know, so at first there are only blocks. */
  #follow() {
    this.#listening ??= new Listening({
      heard: (event) => this.#heard(event),
      catchUp: () => this.catchUp(),
      failed: (error) => this.#problem(error),
      changed: (detail) => this.dispatchEvent(new CustomEvent('connection', { detail })),
      isBehind: () => this.headers.isBehind || this.syncState === 'syncing',
    });
    this.#followsMeeting = this.isOpened;
    const topics = ['blocks', ...(this.isOpened ? [`meeting:${hex(this.id)}`] : [])];
    this.#listening.follow(topics, this.#base);
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
    if (this.headers.isBehind !== wasBehind) this.#listening?.tell();
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
    const isWaiting = this.#writing.jobs.some(({ kind }) => kind === Kind.revoke);
    await this.#secrets.settle(isWaiting);
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
      payloadOf: (job, sequence) =>
        payloadOf(job, sequence, {
          meeting: this.id,
          me: this.#me,
          epochs: this.epochs,
          isPrivate: this.isPrivate,
        }),
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
    if (!this.isHost && asksIn && !this.#hasSent) {
      const { terms, id: meeting } = this;
      parts.unshift(await joinPart({ meeting, me: this.#me, terms, secrets: this.#secrets }));
    }
    await this.#me.rename(this.id, name);
    await this.#writing.addAll(parts);
  }

  /** The key under which a named meeting's host can let this browser in, made when asked for. */
  async myKey() {
    this.#me ??= await keepAuthor(this.#database, this.id, await makeRecord());
    await this.#startWriting();
    return this.me;
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
    await this.#refreshMembers();
    const { parts, kept, secret, doubtful } = await revocation({
      rpc: this.#rpc,
      network: this.network,
      headers: this.headers,
      reading: this.reading,
      meeting: this.id,
      members: this.#members,
      secrets: this.#secrets,
      keys,
      newEpoch,
      shareHistory,
    });
    // Kept in one step with the queue: a secret that were lost would shut everybody out.
    await this.#writing.addAll(parts, kept);
    if (secret) await this.epochs.expect(secret);
    if (doubtful.some(({ isLie }) => isLie)) {
      this.#problem(
        new PhiError('node.agreement', 'the node names keys that their authors did not sign', {
          remedy: 'Those keys were not used. Host this meeting through another node.',
        }),
      );
    }
    this.#changed([]);
    return { doubtful };
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

/** Opens a meeting by its link's parts; `database` and `stamper` are shared by the page. */
export const openSession = (parts) => Session.open(parts);
