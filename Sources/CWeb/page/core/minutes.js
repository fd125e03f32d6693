// Minutes of a meeting that has ended: all that was said in order, and who signed that it is all.
//
// The verdicts are those of every other client; a failure is a `PhiError` whose rule names it, with
// the index of the record, approval or receipt.

import { compare, equal, hex, isZero, need, PhiError } from './bytes.js';
import { decodeEnvelope, Kind, payloadHash, SALT_BYTES, signedMessage } from './entry.js';
import { Frontier } from './merkle.js';
import { verifyReceipt } from './receipt.js';
import { isSigned } from './signature.js';
import { decodeControl, Writing } from './terms.js';

const ZERO = new Uint8Array(32);
const KINDS = new Set(Object.values(Kind));
const RECORD_LIMIT = 1_000_000;

/** Judges minutes line by line. */
export class MinutesVerifier {
  #frontier = new Frontier();
  #members = null;
  #close = ZERO;
  #lifetime = 0;
  #erasedCount = 0;
  #isOver = false;
  #approved = new Map();
  #approvalCount = 0;
  #receipts = [];

  /** Count and root of the records so far. */
  get digest() {
    return { count: this.#frontier.count, root: this.#frontier.root };
  }

  /** Whether the records show that the meeting ends: by a `close`, or by its terms. */
  get hasEnd() {
    return this.#members !== null && (!isZero(this.#close) || this.#lifetime > 0);
  }

  /** Takes in the next line: `{ record }`, `{ approval }` or `{ receipt }`. */
  async take(line) {
    if (line.record) {
      need(!this.#isOver, 'minutes.recordTooLate', 'a record stands below the approvals');
      await this.#takeRecord(line.record);
    } else if (line.approval) {
      await this.#takeApproval(line.approval, this.#end());
    } else {
      need(typeof line.receipt === 'string', 'minutes.line', 'the minutes have an unknown line');
      await this.#takeReceipt(line.receipt, this.#end());
    }
  }

  /** What the minutes show, once all lines were taken in. */
  finish() {
    const { chain, meeting, host } = this.#end();
    return {
      chain,
      meeting,
      host,
      digest: this.digest,
      close: this.#close,
      erasedCount: this.#erasedCount,
      approvedBy: [...this.#approved.values()].sort(compare),
      receipts: this.#receipts,
      isProvedComplete: this.#receipts.length > 0,
    };
  }

  #end() {
    this.#isOver = true;
    need(this.#members, 'minutes.empty', 'the minutes have no record');
    need(this.hasEnd, 'minutes.notEnded', 'the meeting has not ended');
    return this.#members;
  }

  async #takeRecord({ envelope, payload }) {
    const index = this.#frontier.count;
    const at = { index };
    need(index < RECORD_LIMIT, 'minutes.tooManyRecords', 'the minutes are too long', {
      limit: RECORD_LIMIT,
    });
    need(isZero(this.#close), 'minutes.afterClose', 'a record follows the end', at);
    const entry = read(() => decodeEnvelope(envelope), at);
    need(KINDS.has(entry.kind), 'minutes.entry', 'a record is of an unknown kind', at);
    need(await hasSigned(entry), 'minutes.signature', 'a signature is not its author’s', at);
    if (payload) {
      need(isPayload(entry, payload), 'minutes.payloadHash', 'a text is not the one signed', at);
    } else {
      const isMessage = entry.kind === Kind.message;
      need(isMessage, 'minutes.controlPayloadErased', 'a record lacks what decides', at);
      this.#erasedCount += 1;
    }
    const fields = read(() => fieldsOf(entry, payload), at);
    if (index === 0) {
      const isOpen = entry.kind === Kind.open && isZero(entry.meeting);
      need(isOpen, 'minutes.misplacedOpen', 'the first record does not open a meeting', at);
      this.#lifetime = fields.lifetime;
      this.#members = new Members(entry, fields.writing);
    } else {
      this.#members.take(entry, fields, at);
    }
    if (entry.kind === Kind.close) this.#close = entry.id;
    this.#frontier.append(entry.leaf);
  }

  async #takeApproval({ envelope, payload }, members) {
    const at = { index: this.#approvalCount };
    const entry = read(() => decodeEnvelope(envelope), at, 'minutes.approval.notApproval');
    this.#checkApproval(entry, payload, members, 'minutes.approval', at);
    const isRight = await hasSigned(entry);
    need(isRight, 'minutes.approval.signature', 'an approval is not signed by its author', at);
    const author = hex(entry.author);
    const isNew = !this.#approved.has(author);
    need(isNew, 'minutes.approval.repeated', 'an author approves twice', at);
    this.#approved.set(author, entry.author);
    this.#approvalCount += 1;
  }

  async #takeReceipt(text, members) {
    const at = { index: this.#receipts.length };
    let verdict;
    try {
      verdict = await verifyReceipt(text);
    } catch (error) {
      throw new PhiError('minutes.receipt', `a receipt is refused: ${error.message}`, {
        ...at,
        cause: error,
      });
    }
    const { entry, payload } = verdict;
    this.#checkApproval(entry, payload, members, 'minutes.receiptOfOther', at);
    this.#receipts.push(verdict);
  }

  /** All checks of an approval but the signature. */
  #checkApproval(entry, payload, members, rule, at) {
    const fails = (name, message) => [`${rule}.${name}`, message, at];
    need(
      entry.kind === Kind.approve && payload,
      ...fails('notApproval', 'this is no approval with its payload'),
    );
    need(isPayload(entry, payload), ...fails('payloadHash', 'an approval was changed'));
    const fields = read(() => fieldsOf(entry, payload), at, `${rule}.payload`);
    need(
      equal(entry.chain, members.chain) && equal(entry.meeting, members.meeting),
      ...fails('otherMeeting', 'an approval belongs to another meeting'),
    );
    need(
      equal(fields.close, this.#close),
      ...fails('otherClose', 'an approval names another end of the meeting'),
    );
    const { count, root } = this.digest;
    need(
      fields.count === count && equal(fields.root, root),
      ...fails('otherDigest', 'what was approved is not this: records are missing or added'),
    );
    const isMember = members.isMember(hex(entry.author));
    need(isMember, ...fails('notMember', 'somebody approves who was no member'));
  }
}

/** Who may write, as far as the records themselves show it. */
class Members {
  #writing;
  #standing = new Map();
  #heads = new Map();

  constructor(open, writing) {
    this.chain = open.chain;
    this.meeting = open.id;
    this.host = open.author;
    this.#writing = writing;
  }

  isMember(author) {
    if (author === hex(this.host)) return true;
    const standing = this.#standing.get(author);
    if (standing === 'revoked') return false;
    return this.#writing === Writing.anyone ? this.#heads.has(author) : standing === 'member';
  }

  /** Judges a record after the `open` and takes in what it changes. */
  take(entry, fields, at) {
    need(equal(entry.chain, this.chain), 'minutes.otherChain', 'a record is of another chain', at);
    need(entry.kind !== Kind.open, 'minutes.misplacedOpen', 'a meeting opens only once', at);
    const isHere = equal(entry.meeting, this.meeting);
    need(isHere, 'minutes.otherMeeting', 'a record is of another meeting', at);
    const author = hex(entry.author);
    const head = this.#heads.get(author) ?? { sequence: 0, previous: ZERO };
    need(
      entry.sequence === head.sequence && equal(entry.previous, head.previous),
      'minutes.notLinked',
      'a record does not follow its author’s one before',
      { ...at, expected: head.sequence },
    );
    if (!this.#allows(entry.kind, author, fields, head)) {
      const isApproval = entry.kind === Kind.approve;
      need(!isApproval, 'minutes.approvalAsRecord', 'an approval stands among the records', at);
      need(false, 'minutes.notAllowed', 'somebody wrote what only others may', at);
    }
    this.#heads.set(author, { sequence: head.sequence + 1, previous: entry.id });
    if (entry.kind === Kind.join && this.#writing === Writing.link) {
      this.#standing.set(author, 'member');
    }
    if (entry.kind === Kind.admit) this.#setAll(fields.keys, 'member');
    if (entry.kind === Kind.revoke) this.#setAll(fields.keys, 'revoked');
  }

  #setAll(keys, standing) {
    for (const key of keys) this.#standing.set(hex(key), standing);
  }

  #allows(kind, author, fields, head) {
    if (this.#standing.get(author) === 'revoked') return false;
    const isHost = author === hex(this.host);
    const isMember = this.#standing.get(author) === 'member';
    switch (kind) {
      case Kind.admit:
        return (
          isHost &&
          this.#writing === Writing.named &&
          fields.keys.every((key) => !equal(key, this.host) && !this.#standing.has(hex(key)))
        );
      case Kind.revoke:
        return isHost && !fields.keys.some((key) => equal(key, this.host));
      case Kind.close:
        return isHost;
      case Kind.join:
        return head.sequence === 0 && (isHost || this.#writing !== Writing.named || isMember);
      case Kind.message:
        return isHost || this.#writing === Writing.anyone || isMember;
      default:
        return false;
    }
  }
}

const hasSigned = (entry) => isSigned(entry.author, signedMessage(entry.id), entry.signature);

const isPayload = (entry, payload) =>
  payload.length === entry.payloadBytes && equal(payloadHash(payload), entry.payloadHash);

function fieldsOf(entry, payload) {
  if (!payload) return null;
  need(payload.length >= SALT_BYTES, 'entry.payload', 'the payload is too short');
  return entry.kind === Kind.message ? null : decodeControl(entry.kind, payload);
}

function read(decode, at, rule = 'minutes.entry') {
  try {
    return decode();
  } catch (error) {
    throw new PhiError(rule, `an entry cannot be read: ${error.message}`, { ...at, cause: error });
  }
}

/** Judges whole minutes. */
export async function verifyMinutes(lines) {
  const verifier = new MinutesVerifier();
  for await (const line of lines) await verifier.take(line);
  return verifier.finish();
}
