// The keys of this browser in one meeting. Private halves never leave WebCrypto.

import { hex, need } from '../core/bytes.js';
import { makeAgreementKeys, makeAuthorKeys, publicBytes, sign } from '../core/keys.js';
import { signedMessage } from '../core/entry.js';

/** One author in one meeting: fresh keys, and the number and id of what was signed last. */
export class Author {
  #database;
  #record;

  constructor(database, record) {
    this.#database = database;
    this.#record = record;
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
    return this.#record.name ?? '';
  }

  /** The number that the next entry has, and the id that it follows. */
  get head() {
    return { sequence: this.#record.nextSequence, previous: this.#record.last };
  }

  get linkText() {
    return this.#record.linkText ?? null;
  }

  sign(id) {
    return sign(this.#record.authorKeys.privateKey, signedMessage(id));
  }

  /** Remembers what was signed, before anything else is done with it. */
  async advance(meeting, sequence, id) {
    need(sequence === this.#record.nextSequence, 'author.sequence', 'a number was used twice');
    await this.#keep(meeting, { nextSequence: sequence + 1, last: id });
  }

  /** Goes back to an earlier head, once everything after it has expired. */
  rewind(meeting, head) {
    return this.#keep(meeting, { nextSequence: head.sequence, last: head.previous });
  }

  rename(meeting, name) {
    return this.#keep(meeting, { name });
  }

  /** Reads the record again: another tab may have signed since. */
  async refresh(meeting) {
    this.#record = (await this.#database.get('keys', hex(meeting))) ?? this.#record;
  }

  async #keep(meeting, change) {
    const record = { ...this.#record, ...change };
    await this.#database.put('keys', hex(meeting), record);
    this.#record = record;
  }
}

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
  return record ? new Author(database, record) : null;
}

/** Keeps a record as this browser's author in a meeting. */
export async function keepAuthor(database, meeting, record) {
  await database.put('keys', hex(meeting), record);
  return new Author(database, record);
}
