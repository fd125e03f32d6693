// The keys of this browser in one meeting. Private halves never leave WebCrypto.

import { hex, need } from '../core/bytes.js';
import { makeAgreementKeys, makeAuthorKeys, publicBytes, sign } from '../core/keys.js';
import { signedMessage } from '../core/entry.js';
import { alone } from '../store/lock.js';

/** One author in one meeting: fresh keys, and the number and id of what was signed last. */
export class Author {
  #database;
  #record;
  #name;

  constructor(database, record, name = '') {
    this.#database = database;
    this.#record = record;
    this.#name = name;
  }

  get key() {
    return this.#record.author;
  }

  get agreement() {
    return this.#record.agreement;
  }

  get agreementKey() {
    return this.#record.agreementKeys.privateKey;
  }

  get name() {
    return this.#name;
  }

  /** The number that the next entry has, and the id that it follows. */
  get head() {
    return { sequence: this.#record.nextSequence, previous: this.#record.last };
  }

  sign(id) {
    return sign(this.#record.authorKeys.privateKey, signedMessage(id));
  }

  /**
   * Remembers what was signed, in one step with what the caller keeps of it: a number that is
   * taken without its entry would leave a hole that nothing can follow.
   */
  async advance(meeting, sequence, id, kept) {
    need(sequence === this.#record.nextSequence, 'author.sequence', 'a number was used twice');
    await this.#keep(meeting, { nextSequence: sequence + 1, last: id }, kept);
  }

  /** Goes back to an earlier head, in one step with what the caller keeps. */
  rewind(meeting, head, kept = []) {
    return this.#keep(meeting, { nextSequence: head.sequence, last: head.previous }, kept);
  }

  /** The name is kept apart from the keys, whose numbers another tab may be changing. */
  async rename(meeting, name) {
    await this.#database.put('meetings', nameKey(meeting), name);
    this.#name = name;
  }

  /** Reads the record again: another tab may have signed since. */
  async refresh(meeting) {
    this.#record = (await this.#database.get('keys', hex(meeting))) ?? this.#record;
  }

  async #keep(meeting, change, others = []) {
    const record = { ...this.#record, ...change };
    await this.#database.change([{ store: 'keys', key: hex(meeting), value: record }, ...others]);
    this.#record = record;
  }
}

const nameKey = (meeting) => `${hex(meeting)}/name`;

/** Fresh keys that belong to no meeting yet, as a host needs them. */
export async function makeRecord() {
  const authorKeys = await makeAuthorKeys();
  const agreementKeys = await makeAgreementKeys();
  return {
    authorKeys,
    agreementKeys,
    author: await publicBytes(authorKeys.publicKey),
    agreement: await publicBytes(agreementKeys.publicKey),
    nextSequence: 0,
    last: new Uint8Array(32),
  };
}

/** The author that this browser is in a meeting, or null. */
export async function findAuthor(database, meeting) {
  const record = await database.get('keys', hex(meeting));
  if (!record) return null;
  return new Author(database, record, await database.get('meetings', nameKey(meeting)));
}

/** Keeps a record as this browser's author in a meeting, unless it is one there already. */
export async function keepAuthor(database, meeting, record) {
  return alone(hex(meeting), async () => {
    const known = await findAuthor(database, meeting);
    if (known) return known;
    await database.put('keys', hex(meeting), record);
    return new Author(database, record);
  });
}
