// The secrets of a meeting that this browser holds, and what the host's entries say of them.

import { hex } from '../core/bytes.js';
import { linkSeed, publicOfSeed } from '../core/keys.js';
import { Writing } from '../core/terms.js';
import { Epochs } from './epochs.js';
import { HostLog } from './hostlog.js';

const SECRET_LIMIT = 64;

/** The same secrets, each once. */
const unique = (secrets) => [...new Map(secrets.map((secret) => [hex(secret), secret])).values()];

/** The epochs of a meeting, the link's secret, and where they are kept. */
export class Secrets {
  #database;
  #meeting;
  #terms;
  #given;
  #kept = '';
  #link = null;
  #renewed = null;
  #all = [];

  constructor({ rpc, network, headers, database, meeting, terms, given, epochs }) {
    this.#database = database;
    this.#meeting = meeting;
    this.#terms = terms;
    this.#given = given;
    this.epochs = epochs;
    this.hostLog = new HostLog({ rpc, network, headers, meeting, terms });
  }

  /** Whether the host's own entries decide anything about secrets here. */
  get isNeeded() {
    return this.#isPrivate || this.#terms.writing !== Writing.anyone;
  }

  get #isPrivate() {
    return this.#terms.reading === 1;
  }

  #name(what) {
    return `${hex(this.#meeting)}/${what}`;
  }

  /** Takes up what was kept, and what the link brought. */
  async load() {
    const kept = (await this.#database.get('meetings', this.#name('secrets'))) ?? [];
    this.#kept = kept.map(hex).join();
    this.#all = unique([...(this.#given ? [this.#given] : []), ...kept]);
  }

  /** Reads what the host wrote since, as far as `isOpened`; whether more can be read by it. */
  async read(isOpened, me) {
    if (!this.isNeeded) return false;
    if (isOpened) await this.hostLog.read();
    if (!this.#isPrivate) {
      await this.#findLink();
      await this.#keep(this.#all);
      return false;
    }
    const before = this.epochs.knownCount;
    const epochs = new Epochs(this.#meeting);
    for (const check of this.hostLog.checks) epochs.begin(check);
    for (const secret of this.#all) await epochs.take(secret);
    await epochs.unfold(this.hostLog.deliveries, me);
    const ahead = await this.#database.get('meetings', this.#name('ahead'));
    if (ahead && (await epochs.take(ahead)) === null) await epochs.expect(ahead);
    this.epochs.adopt(epochs);
    // Only secrets that the chain names are kept: the others open nothing.
    const known = this.epochs.secrets();
    this.#all = known.length > 0 ? known : this.#all;
    await this.#keep(known);
    return this.epochs.knownCount > before;
  }

  /** Of a public meeting's secrets the link has the one whose key is in force, or a newer one. */
  async #findLink() {
    const inForce = hex(this.hostLog.linkKey);
    for (const secret of this.#all) {
      if (hex(await publicOfSeed(await linkSeed(secret))) !== inForce) continue;
      if (this.#renewed && hex(this.#renewed) !== hex(secret)) return;
      this.#renewed = null;
      this.#link = secret;
      return;
    }
  }

  async #keep(secrets) {
    const some = secrets.slice(0, SECRET_LIMIT);
    const text = some.map(hex).join();
    if (text === this.#kept || some.length === 0) return;
    await this.#database.put('meetings', this.#name('secrets'), some);
    this.#kept = text;
  }

  /** The secret that the link has now, or null. */
  get link() {
    if (this.#isPrivate) return this.epochs.secret(this.epochs.current);
    return this.#renewed ?? this.#link ?? this.#all[0] ?? null;
  }

  /** Has a new secret for the link of a public meeting; gives what to keep of it. */
  renew(secret) {
    this.#all = unique([secret, ...this.#all]);
    this.#renewed = secret;
    return [{ store: 'meetings', key: this.#name('secrets'), value: this.#all }];
  }

  /** What to keep of the secret of an epoch that this browser begins. */
  ahead(secret) {
    return [{ store: 'meetings', key: this.#name('ahead'), value: secret }];
  }

  /** An epoch that was begun is no longer to come once its `revoke` is in, or given up. */
  async settle(isWaiting) {
    if (!this.epochs.isAhead || isWaiting) return;
    await this.#database.delete('meetings', this.#name('ahead'));
  }
}
