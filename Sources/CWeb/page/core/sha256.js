// SHA-256 (FIPS 180-4), in one step and as the halves that a nonce search needs.
//
// WebCrypto hashes too, but only asynchronously: a page of a hundred messages would be a thousand
// promises, and a search has no use for it at all.

const K = new Int32Array(64);
const START = new Int32Array(8);
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

/**
 * Works one block of 16 big-endian words into the state.
 *
 * Written out, sixteen rounds a turn, because a stamp is nothing but this: with loops over arrays
 * the same search takes four times as long.
 */
export function compress(state, words) {
  let w0 = words[0];
  let w1 = words[1];
  let w2 = words[2];
  let w3 = words[3];
  let w4 = words[4];
  let w5 = words[5];
  let w6 = words[6];
  let w7 = words[7];
  let w8 = words[8];
  let w9 = words[9];
  let w10 = words[10];
  let w11 = words[11];
  let w12 = words[12];
  let w13 = words[13];
  let w14 = words[14];
  let w15 = words[15];
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  let t = 0;
  for (let r = 0; ; r += 16) {
    t = h + K[r] + w0 + (g ^ (e & (f ^ g)));
    t = (t + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))) | 0;
    d = (d + t) | 0;
    t = (t + (((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10)))) | 0;
    h = (t + ((a & b) | (c & (a | b)))) | 0;
    t = g + K[r + 1] + w1 + (f ^ (d & (e ^ f)));
    t = (t + (((d >>> 6) | (d << 26)) ^ ((d >>> 11) | (d << 21)) ^ ((d >>> 25) | (d << 7)))) | 0;
    c = (c + t) | 0;
    t = (t + (((h >>> 2) | (h << 30)) ^ ((h >>> 13) | (h << 19)) ^ ((h >>> 22) | (h << 10)))) | 0;
    g = (t + ((h & a) | (b & (h | a)))) | 0;
    t = f + K[r + 2] + w2 + (e ^ (c & (d ^ e)));
    t = (t + (((c >>> 6) | (c << 26)) ^ ((c >>> 11) | (c << 21)) ^ ((c >>> 25) | (c << 7)))) | 0;
    b = (b + t) | 0;
    t = (t + (((g >>> 2) | (g << 30)) ^ ((g >>> 13) | (g << 19)) ^ ((g >>> 22) | (g << 10)))) | 0;
    f = (t + ((g & h) | (a & (g | h)))) | 0;
    t = e + K[r + 3] + w3 + (d ^ (b & (c ^ d)));
    t = (t + (((b >>> 6) | (b << 26)) ^ ((b >>> 11) | (b << 21)) ^ ((b >>> 25) | (b << 7)))) | 0;
    a = (a + t) | 0;
    t = (t + (((f >>> 2) | (f << 30)) ^ ((f >>> 13) | (f << 19)) ^ ((f >>> 22) | (f << 10)))) | 0;
    e = (t + ((f & g) | (h & (f | g)))) | 0;
    t = d + K[r + 4] + w4 + (c ^ (a & (b ^ c)));
    t = (t + (((a >>> 6) | (a << 26)) ^ ((a >>> 11) | (a << 21)) ^ ((a >>> 25) | (a << 7)))) | 0;
    h = (h + t) | 0;
    t = (t + (((e >>> 2) | (e << 30)) ^ ((e >>> 13) | (e << 19)) ^ ((e >>> 22) | (e << 10)))) | 0;
    d = (t + ((e & f) | (g & (e | f)))) | 0;
    t = c + K[r + 5] + w5 + (b ^ (h & (a ^ b)));
    t = (t + (((h >>> 6) | (h << 26)) ^ ((h >>> 11) | (h << 21)) ^ ((h >>> 25) | (h << 7)))) | 0;
    g = (g + t) | 0;
    t = (t + (((d >>> 2) | (d << 30)) ^ ((d >>> 13) | (d << 19)) ^ ((d >>> 22) | (d << 10)))) | 0;
    c = (t + ((d & e) | (f & (d | e)))) | 0;
    t = b + K[r + 6] + w6 + (a ^ (g & (h ^ a)));
    t = (t + (((g >>> 6) | (g << 26)) ^ ((g >>> 11) | (g << 21)) ^ ((g >>> 25) | (g << 7)))) | 0;
    f = (f + t) | 0;
    t = (t + (((c >>> 2) | (c << 30)) ^ ((c >>> 13) | (c << 19)) ^ ((c >>> 22) | (c << 10)))) | 0;
    b = (t + ((c & d) | (e & (c | d)))) | 0;
    t = a + K[r + 7] + w7 + (h ^ (f & (g ^ h)));
    t = (t + (((f >>> 6) | (f << 26)) ^ ((f >>> 11) | (f << 21)) ^ ((f >>> 25) | (f << 7)))) | 0;
    e = (e + t) | 0;
    t = (t + (((b >>> 2) | (b << 30)) ^ ((b >>> 13) | (b << 19)) ^ ((b >>> 22) | (b << 10)))) | 0;
    a = (t + ((b & c) | (d & (b | c)))) | 0;
    t = h + K[r + 8] + w8 + (g ^ (e & (f ^ g)));
    t = (t + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7)))) | 0;
    d = (d + t) | 0;
    t = (t + (((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10)))) | 0;
    h = (t + ((a & b) | (c & (a | b)))) | 0;
    t = g + K[r + 9] + w9 + (f ^ (d & (e ^ f)));
    t = (t + (((d >>> 6) | (d << 26)) ^ ((d >>> 11) | (d << 21)) ^ ((d >>> 25) | (d << 7)))) | 0;
    c = (c + t) | 0;
    t = (t + (((h >>> 2) | (h << 30)) ^ ((h >>> 13) | (h << 19)) ^ ((h >>> 22) | (h << 10)))) | 0;
    g = (t + ((h & a) | (b & (h | a)))) | 0;
    t = f + K[r + 10] + w10 + (e ^ (c & (d ^ e)));
    t = (t + (((c >>> 6) | (c << 26)) ^ ((c >>> 11) | (c << 21)) ^ ((c >>> 25) | (c << 7)))) | 0;
    b = (b + t) | 0;
    t = (t + (((g >>> 2) | (g << 30)) ^ ((g >>> 13) | (g << 19)) ^ ((g >>> 22) | (g << 10)))) | 0;
    f = (t + ((g & h) | (a & (g | h)))) | 0;
    t = e + K[r + 11] + w11 + (d ^ (b & (c ^ d)));
    t = (t + (((b >>> 6) | (b << 26)) ^ ((b >>> 11) | (b << 21)) ^ ((b >>> 25) | (b << 7)))) | 0;
    a = (a + t) | 0;
    t = (t + (((f >>> 2) | (f << 30)) ^ ((f >>> 13) | (f << 19)) ^ ((f >>> 22) | (f << 10)))) | 0;
    e = (t + ((f & g) | (h & (f | g)))) | 0;
    t = d + K[r + 12] + w12 + (c ^ (a & (b ^ c)));
    t = (t + (((a >>> 6) | (a << 26)) ^ ((a >>> 11) | (a << 21)) ^ ((a >>> 25) | (a << 7)))) | 0;
    h = (h + t) | 0;
    t = (t + (((e >>> 2) | (e << 30)) ^ ((e >>> 13) | (e << 19)) ^ ((e >>> 22) | (e << 10)))) | 0;
    d = (t + ((e & f) | (g & (e | f)))) | 0;
    t = c + K[r + 13] + w13 + (b ^ (h & (a ^ b)));
    t = (t + (((h >>> 6) | (h << 26)) ^ ((h >>> 11) | (h << 21)) ^ ((h >>> 25) | (h << 7)))) | 0;
    g = (g + t) | 0;
    t = (t + (((d >>> 2) | (d << 30)) ^ ((d >>> 13) | (d << 19)) ^ ((d >>> 22) | (d << 10)))) | 0;
    c = (t + ((d & e) | (f & (d | e)))) | 0;
    t = b + K[r + 14] + w14 + (a ^ (g & (h ^ a)));
    t = (t + (((g >>> 6) | (g << 26)) ^ ((g >>> 11) | (g << 21)) ^ ((g >>> 25) | (g << 7)))) | 0;
    f = (f + t) | 0;
    t = (t + (((c >>> 2) | (c << 30)) ^ ((c >>> 13) | (c << 19)) ^ ((c >>> 22) | (c << 10)))) | 0;
    b = (t + ((c & d) | (e & (c | d)))) | 0;
    t = a + K[r + 15] + w15 + (h ^ (f & (g ^ h)));
    t = (t + (((f >>> 6) | (f << 26)) ^ ((f >>> 11) | (f << 21)) ^ ((f >>> 25) | (f << 7)))) | 0;
    e = (e + t) | 0;
    t = (t + (((b >>> 2) | (b << 30)) ^ ((b >>> 13) | (b << 19)) ^ ((b >>> 22) | (b << 10)))) | 0;
    a = (t + ((b & c) | (d & (b | c)))) | 0;
    if (r === 48) break;
    t = (w0 + w9 + (((w1 >>> 7) | (w1 << 25)) ^ ((w1 >>> 18) | (w1 << 14)) ^ (w1 >>> 3))) | 0;
    w0 = (t + (((w14 >>> 17) | (w14 << 15)) ^ ((w14 >>> 19) | (w14 << 13)) ^ (w14 >>> 10))) | 0;
    t = (w1 + w10 + (((w2 >>> 7) | (w2 << 25)) ^ ((w2 >>> 18) | (w2 << 14)) ^ (w2 >>> 3))) | 0;
    w1 = (t + (((w15 >>> 17) | (w15 << 15)) ^ ((w15 >>> 19) | (w15 << 13)) ^ (w15 >>> 10))) | 0;
    t = (w2 + w11 + (((w3 >>> 7) | (w3 << 25)) ^ ((w3 >>> 18) | (w3 << 14)) ^ (w3 >>> 3))) | 0;
    w2 = (t + (((w0 >>> 17) | (w0 << 15)) ^ ((w0 >>> 19) | (w0 << 13)) ^ (w0 >>> 10))) | 0;
    t = (w3 + w12 + (((w4 >>> 7) | (w4 << 25)) ^ ((w4 >>> 18) | (w4 << 14)) ^ (w4 >>> 3))) | 0;
    w3 = (t + (((w1 >>> 17) | (w1 << 15)) ^ ((w1 >>> 19) | (w1 << 13)) ^ (w1 >>> 10))) | 0;
    t = (w4 + w13 + (((w5 >>> 7) | (w5 << 25)) ^ ((w5 >>> 18) | (w5 << 14)) ^ (w5 >>> 3))) | 0;
    w4 = (t + (((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10))) | 0;
    t = (w5 + w14 + (((w6 >>> 7) | (w6 << 25)) ^ ((w6 >>> 18) | (w6 << 14)) ^ (w6 >>> 3))) | 0;
    w5 = (t + (((w3 >>> 17) | (w3 << 15)) ^ ((w3 >>> 19) | (w3 << 13)) ^ (w3 >>> 10))) | 0;
    t = (w6 + w15 + (((w7 >>> 7) | (w7 << 25)) ^ ((w7 >>> 18) | (w7 << 14)) ^ (w7 >>> 3))) | 0;
    w6 = (t + (((w4 >>> 17) | (w4 << 15)) ^ ((w4 >>> 19) | (w4 << 13)) ^ (w4 >>> 10))) | 0;
    t = (w7 + w0 + (((w8 >>> 7) | (w8 << 25)) ^ ((w8 >>> 18) | (w8 << 14)) ^ (w8 >>> 3))) | 0;
    w7 = (t + (((w5 >>> 17) | (w5 << 15)) ^ ((w5 >>> 19) | (w5 << 13)) ^ (w5 >>> 10))) | 0;
    t = (w8 + w1 + (((w9 >>> 7) | (w9 << 25)) ^ ((w9 >>> 18) | (w9 << 14)) ^ (w9 >>> 3))) | 0;
    w8 = (t + (((w6 >>> 17) | (w6 << 15)) ^ ((w6 >>> 19) | (w6 << 13)) ^ (w6 >>> 10))) | 0;
    t = (w9 + w2 + (((w10 >>> 7) | (w10 << 25)) ^ ((w10 >>> 18) | (w10 << 14)) ^ (w10 >>> 3))) | 0;
    w9 = (t + (((w7 >>> 17) | (w7 << 15)) ^ ((w7 >>> 19) | (w7 << 13)) ^ (w7 >>> 10))) | 0;
    t = (w10 + w3 + (((w11 >>> 7) | (w11 << 25)) ^ ((w11 >>> 18) | (w11 << 14)) ^ (w11 >>> 3))) | 0;
    w10 = (t + (((w8 >>> 17) | (w8 << 15)) ^ ((w8 >>> 19) | (w8 << 13)) ^ (w8 >>> 10))) | 0;
    t = (w11 + w4 + (((w12 >>> 7) | (w12 << 25)) ^ ((w12 >>> 18) | (w12 << 14)) ^ (w12 >>> 3))) | 0;
    w11 = (t + (((w9 >>> 17) | (w9 << 15)) ^ ((w9 >>> 19) | (w9 << 13)) ^ (w9 >>> 10))) | 0;
    t = (w12 + w5 + (((w13 >>> 7) | (w13 << 25)) ^ ((w13 >>> 18) | (w13 << 14)) ^ (w13 >>> 3))) | 0;
    w12 = (t + (((w10 >>> 17) | (w10 << 15)) ^ ((w10 >>> 19) | (w10 << 13)) ^ (w10 >>> 10))) | 0;
    t = (w13 + w6 + (((w14 >>> 7) | (w14 << 25)) ^ ((w14 >>> 18) | (w14 << 14)) ^ (w14 >>> 3))) | 0;
    w13 = (t + (((w11 >>> 17) | (w11 << 15)) ^ ((w11 >>> 19) | (w11 << 13)) ^ (w11 >>> 10))) | 0;
    t = (w14 + w7 + (((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3))) | 0;
    w14 = (t + (((w12 >>> 17) | (w12 << 15)) ^ ((w12 >>> 19) | (w12 << 13)) ^ (w12 >>> 10))) | 0;
    t = (w15 + w8 + (((w0 >>> 7) | (w0 << 25)) ^ ((w0 >>> 18) | (w0 << 14)) ^ (w0 >>> 3))) | 0;
    w15 = (t + (((w13 >>> 17) | (w13 << 15)) ^ ((w13 >>> 19) | (w13 << 13)) ^ (w13 >>> 10))) | 0;
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

const BLOCK = new Int32Array(16);

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
  for (let i = 0; i < 8; i += 1) view.setInt32(4 * i, state[i]);
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
