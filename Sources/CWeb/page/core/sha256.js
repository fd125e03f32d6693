// SHA-256 (FIPS 180-4), in one step and as the halves that a nonce search needs.
//
// WebCrypto hashes too, but only asynchronously: a page of a hundred messages would be a thousand
// promises, and a search has no use for it at all.

const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  // The first 32 bits of the fractions of cube and square roots of the first primes.
  const fraction = (value) => ((value - Math.floor(value)) * 0x100000000) | 0;
  let count = 0;
  for (let candidate = 2; count < 64; candidate += 1) {
    let isPrime = true;
    for (let factor = 2; factor * factor <= candidate; factor += 1) {
      if (candidate % factor === 0) isPrime = false;
    }
    if (!isPrime) continue;
    if (count < 8) START[count] = fraction(Math.sqrt(candidate));
    K[count] = fraction(Math.cbrt(candidate));
    count += 1;
  }
}

/** The state before the first block. */
export const initialState = () => START.slice();

const W = new Uint32Array(64);

/** Works one block of 16 big-endian words into the state. */
export function compress(state, words) {
  for (let i = 0; i < 16; i += 1) W[i] = words[i];
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15];
    const y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

const BLOCK = new Uint32Array(16);

function load(bytes, offset) {
  for (let i = 0; i < 16; i += 1) {
    const at = offset + 4 * i;
    BLOCK[i] =
      (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
}

/** The state after whole blocks. */
export function absorb(state, bytes) {
  for (let offset = 0; offset < bytes.length; offset += 64) {
    load(bytes, offset);
    compress(state, BLOCK);
  }
  return state;
}

/** The 32 bytes of a state. */
export function digestOf(state) {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i += 1) view.setUint32(4 * i, state[i]);
  return bytes;
}

/** SHA-256 of bytes. */
export function sha256(bytes) {
  const whole = bytes.length - (bytes.length % 64);
  const state = absorb(initialState(), bytes.subarray(0, whole));
  const tail = new Uint8Array(bytes.length - whole >= 56 ? 128 : 64);
  tail.set(bytes.subarray(whole));
  tail[bytes.length - whole] = 0x80;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(tail.length - 4, (bytes.length << 3) >>> 0);
  return digestOf(absorb(state, tail));
}

/** SHA-256 of SHA-256. */
export const sha256d = (bytes) => sha256(sha256(bytes));
