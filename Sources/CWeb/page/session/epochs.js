// The secrets of a private meeting: one for each epoch, each bound by the chain.

import { compare, concat, equal, isZero, need, u16 } from '../core/bytes.js';
import { ContentType, decodeContent, openMessage, splitPayload } from '../core/content.js';
import {
  agree,
  makeAgreementKeys,
  previousKey,
  publicBytes,
  randomBytes,
  readCheck,
  readKey,
  rekeyKey,
  seal,
  unseal,
} from '../core/keys.js';

const BLOBS_AT_ONCE = 256;
const LAST_EPOCH = 0xffff;

/** What the chain and the link make known of a meeting's epochs. */
export class Epochs {
  /** The read checks of all epochs: those of the chain, then one that this browser begins. */
  #checks = [];
  #isAhead = false;
  #secrets = new Map();
  #readKeys = new Map();

  constructor(meeting) {
    this.meeting = meeting;
  }

  /** The number of the epoch in force. */
  get current() {
    return this.#checks.length - 1;
  }

  /** Whether the last epoch is one that the chain does not name yet. */
  get isAhead() {
    return this.#isAhead;
  }

  get knownCount() {
    return this.#secrets.size;
  }

  has(epoch) {
    return this.#secrets.has(epoch);
  }

  secret(epoch) {
    return this.#secrets.get(epoch) ?? null;
  }

  readKey(epoch) {
    return this.#readKeys.get(epoch) ?? null;
  }

  /** The secrets known, the newest first. */
  secrets() {
    return [...this.#secrets].sort(([a], [b]) => b - a).map(([, secret]) => secret);
  }

  /** Takes over what a newer reading of the chain made known. */
  adopt(other) {
    this.#checks = other.#checks;
    this.#isAhead = other.#isAhead;
    this.#secrets = other.#secrets;
    this.#readKeys = other.#readKeys;
  }

  /** Knows an epoch that this browser begins, until the chain names it. */
  async expect(secret) {
    const check = readCheck(secret);
    if (this.#isAhead || this.#checks.some((known) => equal(known, check))) return;
    this.#checks.push(check);
    this.#isAhead = true;
    await this.take(secret);
  }

  /** Starts an epoch that an `open` or a `revoke` names. */
  begin(check) {
    need(this.#checks.length <= LAST_EPOCH, 'epoch.count', 'there are too many epochs');
    this.#checks.push(check);
  }

  /** Takes a secret if the chain names it; the number of its epoch, or null. */
  async take(secret) {
    const check = readCheck(secret);
    const epoch = this.#checks.findIndex((known) => equal(known, check));
    if (epoch < 0) return null;
    if (!this.#secrets.has(epoch)) {
      this.#secrets.set(epoch, secret);
      this.#readKeys.set(epoch, await readKey(secret));
    }
    return epoch;
  }

  /**
   * Opens what the host delivered, forwards by blobs and backwards by links to the past.
   *
   * - deliveries: the host's messages, as read from the chain.
   * - me: this browser's author, or null for one who only reads.
   */
  async unfold(deliveries, me) {
    let hasProgress = true;
    while (hasProgress) {
      hasProgress = false;
      for (const delivery of deliveries) {
        if (await this.#open(delivery, me)) hasProgress = true;
      }
    }
  }

  async #open(delivery, me) {
    if (delivery.isOther) return false;
    const { entry, payload } = delivery;
    const content = await this.#contentOf(entry, payload);
    if (!content) return false;
    if (content.type !== ContentType.epoch) {
      delivery.isOther = true;
      return false;
    }
    const before = this.#secrets.size;
    await this.#openBlob(content, me);
    await this.#openPrevious(content);
    return this.#secrets.size > before;
  }

  async #contentOf({ author, sequence }, payload) {
    try {
      const { salt, epoch, body } = splitPayload(payload, true);
      const key = this.readKey(epoch);
      const { meeting } = this;
      const plain =
        key && (await openMessage({ salt, body, readKey: key, meeting, author, sequence }));
      return plain && decodeContent(plain);
    } catch {
      return null;
    }
  }

  async #openBlob(content, me) {
    if (!me || this.has(content.epoch)) return;
    const blob = content.blobs.find(({ author }) => equal(author, me.key));
    if (!blob) return;
    try {
      const shared = await agree(me.agreementKey, blob.ephemeral);
      const key = await rekeyKey(
        shared,
        blob.ephemeral,
        me.agreement,
        this.meeting,
        me.key,
        content.epoch,
      );
      const secret = await unseal(key, blob.sealed);
      // A secret that the chain does not name is one that others may not have: not taken.
      if (secret) await this.take(secret);
    } catch {
      // A crafted blob shuts out nobody but the one it is for.
    }
  }

  async #openPrevious(content) {
    const secret = this.secret(content.epoch);
    if (!secret || isZero(content.previous) || this.has(content.epoch - 1)) return;
    const key = await previousKey(secret, this.meeting, content.epoch);
    const earlier = await unseal(key, content.previous);
    if (earlier) await this.take(earlier);
  }

  /**
   * What a host sends to begin an epoch.
   *
   * - members: `{ author, agreement }` of those who are to read on.
   * Returns the secret, its check, the contents to seal under the old epoch, and the one to seal
   * under the new, which lets newcomers read what was before; and those who cannot be reached.
   */
  async prepare(members, sharesHistory) {
    const epoch = this.current + 1;
    const secret = randomBytes(32);
    const last = this.secret(this.current);
    need(last, 'epoch.unknown', 'this browser has not the secret of the present epoch');
    const previous = sharesHistory
      ? await seal(await previousKey(secret, this.meeting, epoch), last)
      : new Uint8Array(48);
    const blobs = [];
    const unreachable = [];
    for (const member of [...members].sort((a, b) => compare(a.author, b.author))) {
      const blob = await this.#blob(member, secret, epoch);
      if (blob) blobs.push(blob);
      else unreachable.push(member.author);
    }
    const content = (some) =>
      concat(Uint8Array.of(ContentType.epoch), u16(epoch), previous, u16(some.length), ...some);
    const deliveries = [];
    for (let start = 0; start < Math.max(1, blobs.length); start += BLOBS_AT_ONCE) {
      deliveries.push(content(blobs.slice(start, start + BLOBS_AT_ONCE)));
    }
    const bridge = sharesHistory ? content([]) : null;
    return { epoch, secret, check: readCheck(secret), deliveries, bridge, unreachable };
  }

  async #blob({ author, agreement }, secret, epoch) {
    if (!agreement || isZero(agreement)) return null;
    try {
      const pair = await makeAgreementKeys();
      const ephemeral = await publicBytes(pair.publicKey);
      const shared = await agree(pair.privateKey, agreement);
      const key = await rekeyKey(shared, ephemeral, agreement, this.meeting, author, epoch);
      return concat(author, ephemeral, await seal(key, secret));
    } catch {
      return null;
    }
  }
}
