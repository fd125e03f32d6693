// The stamp on an entry: a nonce that shows the declared work.

import { concat, u64, utf8 } from './bytes.js';
import { absorb, compress, initialState, sha256d } from './sha256.js';

const PREFIX = utf8('phi/stamp/v1\0\0\0\0');
const U64 = (1n << 64n) - 1n;

/** The least work of an entry, by a network's parameters. */
export function minimumWork(kind, sequence, payloadBytes, parameters) {
  const factor = kind === 2 ? 64 : sequence === 0 ? 4 : 1;
  const rate = BigInt(parameters.stampRate) * BigInt(284 + payloadBytes + parameters.stampBase);
  return BigInt(factor) * (rate > 1n ? rate : 1n);
}

/** What the first eight bytes of the hash may be at most, read big-endian. */
export const threshold = (work) => U64 / work;

const stampBytes = (id, work, nonce) =>
  concat(PREFIX, id, new Uint8Array(28), u64(work), u64(nonce));

/** Whether a nonce shows a declared work. */
export function isStamped(id, work, nonce) {
  if (work === 0n) return false;
  const hash = sha256d(stampBytes(id, work, nonce));
  return new DataView(hash.buffer).getBigUint64(0) <= threshold(work);
}

/** Searches nonces in steps, so that whoever runs it can stop and count. */
export class StampSearch {
  #midstate;
  #tail = new Int32Array(16);
  #second = new Int32Array(16);
  #high;
  #low;
  #nonce = 0;

  /** The start is a number below 2^53, so that workers can share a search. */
  constructor(id, work, start = 0) {
    const bytes = stampBytes(id, work, 0n);
    // 92 bytes: one whole block, and 28 bytes of which the last eight are the nonce.
    this.#midstate = absorb(initialState(), bytes.subarray(0, 64));
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 5; i += 1) this.#tail[i] = view.getInt32(64 + 4 * i);
    this.#tail[7] = 0x80000000;
    this.#tail[15] = 92 * 8;
    this.#second[8] = 0x80000000;
    this.#second[15] = 256;
    const limit = threshold(work);
    this.#high = Number(limit >> 32n);
    this.#low = Number(limit & 0xffffffffn);
    this.#nonce = start;
  }

  /** Tries so many nonces; the one that shows the work as a bigint, or null. */
  run(count) {
    const state = new Int32Array(8);
    const tail = this.#tail;
    const second = this.#second;
    for (let i = 0; i < count; i += 1) {
      const low = this.#nonce >>> 0;
      const high = Math.floor(this.#nonce / 0x100000000);
      tail[5] = swap(low);
      tail[6] = swap(high);
      state.set(this.#midstate);
      compress(state, tail);
      for (let word = 0; word < 8; word += 1) second[word] = state[word];
      state.set(START);
      compress(state, second);
      const shown = state[0] >>> 0;
      if (shown < this.#high || (shown === this.#high && state[1] >>> 0 <= this.#low)) {
        return BigInt(this.#nonce);
      }
      this.#nonce += 1;
    }
    return null;
  }
}

const START = initialState();

const swap = (word) =>
  ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
