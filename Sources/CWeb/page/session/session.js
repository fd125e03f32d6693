// One meeting as a person sees it: what was said, who is there, and what can be done.

import { need } from '../core/bytes.js';
import { ContentType, profileContent } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { randomBytes } from '../core/keys.js';
import { nativeLink, webLink } from '../core/link.js';
import { encodeAdmit, encodeApprove, Writing as Policy } from '../core/terms.js';
import { hasApproved } from './ending.js';
import { joinPart } from './entering.js';
import { Following } from './following.js';
import { shutOut } from './hosting.js';
import { SETTLED } from './item.js';
import { obstacleError } from './obstacle.js';
import { queueOf } from './queue.js';
import { readRecord } from './record.js';
import { Room } from './room.js';
import { contentOf, textLimit } from './send.js';
import { wordOf, workOf } from './shape.js';
import { Upkeep } from './upkeep.js';
import { itemsOf, meetingOf, peopleOf } from './view.js';

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
  #room;
  #following = null;
  #writing = null;
  #upkeep;
  #isOver = false;

  constructor({ rpc, database, stamper, link }) {
    super();
    this.#rpc = rpc;
    this.#database = database;
    this.#stamper = stamper;
    this.#room = new Room({ rpc, database, link });
    this.#upkeep = new Upkeep(this, this.#room);
  }

  /** Opens a meeting by its link, verifies what the node shows, and follows it. */
  static async open(parts) {
    const session = new Session(parts);
    try {
      await session.#start(parts.base);
    } catch (error) {
      session.closeSession();
      throw error;
    }
    return session;
  }

  async #start(base) {
    await this.#room.start();
    if (this.#room.me) await this.#startWriting();
    this.#following = new Following({
      room: this.#room,
      base,
      settle: () => this.#upkeep.settle(this.#writing),
      changed: (ids) => this.#changed(ids),
      failed: (error) => this.#problem(error),
      connected: (detail) => this.dispatchEvent(new CustomEvent('connection', { detail })),
    });
  }

  /** Leaves the meeting's page; what waits in the queue goes on when it is opened again. */
  closeSession() {
    this.#isOver = true;
    this.#following?.close();
    this.#writing?.close();
  }

  // What is known of the meeting.

  get id() {
    return this.#room.id;
  }

  get network() {
    return this.#room.network;
  }

  get headers() {
    return this.#room.headers;
  }

  get epochs() {
    return this.#room.epochs;
  }

  get reading() {
    return this.#room.reading;
  }

  /** What the node says of the meeting, or null while it is in no block. */
  get document() {
    return this.#room.document;
  }

  get title() {
    return this.#room.title;
  }

  get name() {
    return this.#room.name;
  }

  get terms() {
    return this.#room.terms;
  }

  get isPrivate() {
    return this.#room.isPrivate;
  }

  get isOpened() {
    return this.#room.isOpened;
  }

  get isClosed() {
    return this.#room.isClosed;
  }

  /** Whether the secret of the epoch in force is known, where there is one. */
  get hasSecret() {
    return this.#room.hasSecret;
  }

  get host() {
    return this.#room.host;
  }

  /** How far the newest block was from this clock when it came live, in milliseconds. */
  get clockOffset() {
    return this.#room.clockOffset;
  }

  get me() {
    return this.#room.myKey;
  }

  get isHost() {
    return this.#room.isHost;
  }

  get isMember() {
    return this.#room.isMember;
  }

  get isRevoked() {
    return this.#room.isRevoked;
  }

  /** Whether this browser has begun to take part, be it only in its queue. */
  get hasJoined() {
    return this.#room.hasJoined;
  }

  /** Why nothing can be written here: closed, secret, revoked, named or link; null where it can. */
  get obstacle() {
    return this.#room.obstacle;
  }

  /** Whether this browser may sign the minutes now, and has not. */
  get canApprove() {
    const { isSettled, isMember, members, reading, hasSent } = this.#room;
    const isOne = isMember && (this.isHost || hasSent);
    return isOne && isSettled && !hasApproved({ members, me: this.me, reading, jobs: this.#jobs });
  }

  /** The meeting in a few plain fields. */
  get meeting() {
    return meetingOf(this);
  }

  get #jobs() {
    return this.#writing?.jobs ?? [];
  }

  /** The items in order, each with its step on the ladder as of the tip known here. */
  get items() {
    const { reading, headers } = this.#room;
    return itemsOf({ reading, jobs: this.#jobs, tip: headers.tip.height, me: this.me });
  }

  /** What is known of the people here, by key: names are the last profile of each. */
  get people() {
    const { reading, members, secrets, host, me } = this.#room;
    const { revoked } = secrets.hostLog;
    return peopleOf({ reading, members, revoked, host, me: this.me, myName: me?.name });
  }

  get authors() {
    return this.people;
  }

  /** Whether there are more people than are held. */
  get hasMorePeople() {
    return this.#room.hasMoreMembers;
  }

  /** Links of this meeting, with the secret of the present epoch. */
  link({ origin }) {
    const hasSecret = this.isPrivate || this.terms.writing === Policy.link;
    const parts = {
      prefix: this.network.prefix,
      meeting: this.id,
      secret: hasSecret ? this.#room.secrets.link : null,
      peers: this.#room.peers,
    };
    return { web: webLink(origin, parts), native: nativeLink(parts) };
  }

  /** Loads what was said before; whether the beginning is here. */
  async loadOlder() {
    this.#changed(await this.reading.readOlder());
    return this.reading.isWhole;
  }

  /** Reads whatever is new, without waiting for an event. */
  catchUp() {
    return this.#following.catchUp();
  }

  #changed(ids) {
    if (!this.#isOver) this.dispatchEvent(new CustomEvent('change', { detail: { ids } }));
  }

  #problem(error) {
    if (!this.#isOver) this.dispatchEvent(new CustomEvent('problem', { detail: error }));
  }

  async #startWriting() {
    if (this.#writing) return;
    this.#writing = queueOf({
      rpc: this.#rpc,
      database: this.#database,
      stamper: this.#stamper,
      room: this.#room,
      changed: (id) => this.#changed([id]),
      progress: (detail) => this.dispatchEvent(new CustomEvent('progress', { detail })),
      failed: (error) => this.#problem(error),
    });
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
    const { me, secrets, hasSent, terms, id: meeting } = this.#room;
    if (!this.isHost && asksIn && !hasSent) {
      parts.unshift(await joinPart({ meeting, me, terms, secrets }));
    }
    await me.rename(meeting, name);
    await this.#writing.addAll(parts);
  }

  /** The key under which a named meeting's host can let this browser in, made when asked for. */
  async myKey() {
    await this.#room.author();
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
    const { content, shown } = contentOf({ type, text, subject }, this.network, this.isPrivate);
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
    const doubtful = await shutOut({
      rpc: this.#rpc,
      room: this.#room,
      writing: this.#writing,
      keys,
      newEpoch,
      shareHistory,
      failed: (error) => this.#problem(error),
    });
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

  /** The bytes of the longest text that can be sent here. */
  get textLimit() {
    return textLimit(this.network, this.isPrivate);
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
      seq: this.#room.me?.head.sequence ?? 0,
    });
    return this.#stamper.estimate(workOf(quote, 'poolWork'));
  }
}

/** Opens a meeting by its link's parts; `database` and `stamper` are shared by the page. */
export const openSession = (parts) => Session.open(parts);
