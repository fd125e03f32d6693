// What is known of one meeting: what the node shows of it, checked here, and what this browser keeps.

import { hex, need } from '../core/bytes.js';
import { encodeName } from '../core/bech32m.js';
import { peersOf } from '../core/peers.js';
import { Writing } from '../core/terms.js';
import { RPCError } from '../net/rpc.js';
import { endHeight, isSettled } from './ending.js';
import { Epochs } from './epochs.js';
import { Headers } from './headers.js';
import { findAuthor, keepAuthor, makeRecord } from './keyring.js';
import { Members } from './members.js';
import { readNetwork } from './network.js';
import { unknownMeeting } from './obstacle.js';
import { Reading } from './reading.js';
import { openBytes } from './record.js';
import { Secrets } from './secrets.js';
import { isClosed, isMember, isRevoked, obstacleOf } from './standing.js';

/** A meeting as it was read last. */
export class Room {
  #rpc;
  #database;
  #link;
  #members;
  title = null;
  /** This browser's author here, or null. */
  me = null;
  secrets = null;
  /** Nodes for a link: those that this node proposes, else those of the link that led here. */
  peers = [];
  /** How far the newest block was from this clock when it came, in milliseconds. */
  clockOffset = 0;
  /** Where the meeting ended, `{ height }`, or null. */
  end = null;

  constructor({ rpc, database, link }) {
    this.#rpc = rpc;
    this.#database = database;
    this.#link = link;
    this.id = link.meeting;
    this.#members = new Members(rpc, this.id);
  }

  /** Reads the network, the chain's newest part, and the meeting. */
  async start() {
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
    this.isSyncing = info.sync?.state === 'syncing';
    const callable = Array.isArray(info.callable) ? peersOf(info.callable) : [];
    this.peers = callable.length > 0 ? callable : (this.#link.peers ?? []);
    const parts = { rpc: this.#rpc, network: this.network, meeting: this.id };
    this.headers = new Headers(this.#rpc, this.network);
    await this.headers.start();
    this.epochs = new Epochs(this.id);
    this.reading = new Reading({ ...parts, headers: this.headers, epochs: this.epochs });
    this.me = await findAuthor(this.#database, this.id);
    await this.readMeeting();
    this.secrets = new Secrets({
      ...parts,
      headers: this.headers,
      database: this.#database,
      terms: this.terms,
      given: this.#link.secret,
      epochs: this.epochs,
    });
    await this.secrets.load();
    await this.refresh();
  }

  /** The meeting as the node knows it; one that this browser just opened may be in no block yet. */
  async readMeeting() {
    const kept = this.isOpened
      ? null
      : await this.#database.get('meetings', `${hex(this.id)}/open`);
    try {
      const document = await this.#rpc.call('meeting.get', { meeting: hex(this.id) });
      // What this browser kept of it has no stamp, so that it is read again here.
      if (!this.document) await this.reading.readOpen(openBytes(document));
      this.document = document;
    } catch (error) {
      if (!(error instanceof RPCError) || error.code !== -32001) throw error;
      if (this.terms) return;
      if (!kept) throw unknownMeeting(this.isSyncing, error);
      await this.reading.readOpen(kept, { isOwn: true });
      this.document = null;
    }
  }

  /** Asks whether a node that was catching up still is. */
  async readSync() {
    if (!this.isSyncing) return;
    const info = await this.#rpc.call('node.info');
    this.isSyncing = info?.sync?.state === 'syncing';
  }

  /** Reads all that may have changed; the ids of the entries that did. */
  async refresh(wasTakenBack = false) {
    if (!this.isOpened) await this.readMeeting();
    await this.readHost();
    const { older } = this.reading;
    const changed = this.isOpened ? await this.reading.readNewest() : [];
    // Where the held entries do not reach as far back as before, some came unseen.
    const isUnsure = wasTakenBack || this.reading.older !== older;
    if (this.isOpened) await this.followMembers(changed, isUnsure);
    await this.readEnd();
    return changed;
  }

  /** Learns epochs, the link's key and who was shut out from the host's own entries. */
  async readHost() {
    const opensMore = await this.secrets.read(this.isOpened, this.me);
    this.reading.linkKeys = this.secrets.hostLog.linkKeys;
    this.title ??= await this.reading.title();
    if (opensMore) await this.reading.reread();
  }

  /** Finds the block that ended the meeting, once it has ended. */
  async readEnd() {
    this.end = this.isOpened && this.isClosed ? await endHeight(this, this.end) : null;
  }

  /** Keeps the list of members up with entries that changed. */
  followMembers(ids, isUnsure = false) {
    const items = ids.map((id) => this.reading.items.get(id)).filter(Boolean);
    const canAnyoneWrite = this.terms.writing === Writing.anyone;
    return this.#members.follow(items, { isUnsure, canAnyoneWrite });
  }

  refreshMembers() {
    return this.#members.read();
  }

  /** Members by their keys. */
  get members() {
    return this.#members.byKey;
  }

  /** Whether more have joined than are held. */
  get hasMoreMembers() {
    return !this.#members.isWhole;
  }

  /** Makes keys for this meeting, unless this browser has some. */
  async author() {
    this.me ??= await keepAuthor(this.#database, this.id, await makeRecord());
    return this.me;
  }

  /** Whether the meeting is in the chain. */
  get isOpened() {
    return Boolean(this.document);
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

  get name() {
    return encodeName(this.network.prefix, this.id);
  }

  get host() {
    return hex(this.terms.host);
  }

  get myKey() {
    return this.me ? hex(this.me.key) : null;
  }

  get isHost() {
    return this.myKey === this.host;
  }

  get hasSent() {
    return (this.me?.head.sequence ?? 0) > 0;
  }

  /** Whether this browser has begun to take part, be it only in its queue. */
  get hasJoined() {
    return this.me !== null && (this.isHost || this.me.name !== '');
  }

  get #standing() {
    return {
      document: this.document,
      terms: this.terms,
      hostLog: this.secrets?.hostLog,
      tip: this.headers.tip,
      members: this.members,
      me: this.myKey,
      host: this.host,
      hasSecret: this.hasSecret,
      hasSent: this.hasSent,
      link: this.secrets?.link,
    };
  }

  get isMember() {
    return isMember(this.#standing);
  }

  get isRevoked() {
    return isRevoked(this.#standing);
  }

  get isClosed() {
    return isClosed(this.#standing);
  }

  /** Whether the end lies deep enough for the minutes to be signed. */
  get isSettled() {
    return isSettled(this);
  }

  /** Why nothing can be written here: closed, secret, revoked, named or link; null where it can. */
  get obstacle() {
    return obstacleOf(this.#standing);
  }
}
