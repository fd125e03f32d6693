// QR codes (ISO/IEC 18004): byte mode, error correction M, the smallest version that holds a text.

import { need, utf8 } from './bytes.js';

// For each version from 1: codewords for correction in a block, and how many blocks there are (M).
const CORRECTION = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
const LAST_VERSION = BLOCKS.length;
const FORMAT_M = 0;

/** Modules that carry data or correction, by the areas of all patterns taken off. */
function rawBits(version) {
  let count = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const aligned = Math.floor(version / 7) + 2;
    count -= (25 * aligned - 10) * aligned - 55;
    if (version >= 7) count -= 36;
  }
  return count;
}

const dataBytes = (version) =>
  Math.floor(rawBits(version) / 8) - CORRECTION[version - 1] * BLOCKS[version - 1];

// Powers in the field of 256 elements with the polynomial 0x11d.
const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let i = 0, value = 1; i < 255; i += 1) {
  EXP[i] = value;
  EXP[i + 255] = value;
  LOG[value] = i;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (a, b) => (a === 0 || b === 0 ? 0 : EXP[LOG[a] + LOG[b]]);

/** The codewords that let a reader mend errors (Reed-Solomon). */
export function correctionOf(data, count) {
  let generator = [1];
  for (let i = 0; i < count; i += 1) {
    const next = new Array(generator.length + 1).fill(0);
    generator.forEach((factor, j) => {
      next[j] ^= factor;
      next[j + 1] ^= times(factor, EXP[i]);
    });
    generator = next;
  }
  const rest = new Uint8Array(count);
  for (const byte of data) {
    const factor = byte ^ rest[0];
    rest.copyWithin(0, 1);
    rest[count - 1] = 0;
    for (let i = 0; i < count; i += 1) rest[i] ^= times(generator[i + 1], factor);
  }
  return rest;
}

/** Mode, length, bytes and filling. */
function codewords(bytes, version) {
  const bits = [];
  const push = (value, count) => {
    for (let i = count - 1; i >= 0; i -= 1) bits.push((value >>> i) & 1);
  };
  push(4, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) push(byte, 8);
  const whole = dataBytes(version) * 8;
  push(0, Math.min(4, whole - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  for (let filling = 0xec; bits.length < whole; filling ^= 0xfd) push(filling, 8);
  return Uint8Array.from({ length: whole / 8 }, (_, i) =>
    parseInt(bits.slice(8 * i, 8 * i + 8).join(''), 2),
  );
}

/** Cuts the codewords into blocks and takes one of each block in turn. */
function interleaved(data, version) {
  const count = BLOCKS[version - 1];
  const correction = CORRECTION[version - 1];
  const short = Math.floor(data.length / count);
  const longCount = data.length % count;
  const blocks = [];
  for (let i = 0, at = 0; i < count; i += 1) {
    const length = short + (i >= count - longCount ? 1 : 0);
    const block = data.subarray(at, at + length);
    blocks.push({ block, rest: correctionOf(block, correction) });
    at += length;
  }
  const result = [];
  for (let i = 0; i <= short; i += 1) {
    for (const { block } of blocks) if (i < block.length) result.push(block[i]);
  }
  for (let i = 0; i < correction; i += 1) for (const { rest } of blocks) result.push(rest[i]);
  return result;
}

function alignments(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const size = 17 + 4 * version;
  const step = Math.ceil((size - 13) / (2 * count - 2)) * 2;
  const places = [6];
  for (let place = size - 7; places.length < count; place -= step) places.splice(1, 0, place);
  return places;
}

/** A square of modules: what is dark, and what is pattern rather than data. */
class Square {
  constructor(version) {
    this.version = version;
    this.size = 17 + 4 * version;
    this.dark = new Uint8Array(this.size ** 2);
    this.fixed = new Uint8Array(this.size ** 2);
    this.#patterns();
  }

  get(x, y) {
    return this.dark[y * this.size + x];
  }

  #fix(x, y, isDark) {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.dark[y * this.size + x] = isDark ? 1 : 0;
    this.fixed[y * this.size + x] = 1;
  }

  #patterns() {
    const last = this.size - 1;
    for (let i = 0; i < this.size; i += 1) {
      this.#fix(6, i, i % 2 === 0);
      this.#fix(i, 6, i % 2 === 0);
    }
    for (const [x, y] of [[3, 3], [last - 3, 3], [3, last - 3]]) {
      for (let dy = -4; dy <= 4; dy += 1) {
        for (let dx = -4; dx <= 4; dx += 1) {
          const far = Math.max(Math.abs(dx), Math.abs(dy));
          this.#fix(x + dx, y + dy, far !== 2 && far !== 4);
        }
      }
    }
    const places = alignments(this.version);
    for (const x of places) {
      for (const y of places) {
        const isCorner = (x === 6 && y === 6) || (x === 6 && y === last - 6);
        if (isCorner || (x === last - 6 && y === 6)) continue;
        for (let dy = -2; dy <= 2; dy += 1) {
          for (let dx = -2; dx <= 2; dx += 1) {
            this.#fix(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
          }
        }
      }
    }
    this.format(0);
    if (this.version >= 7) this.#versionBits();
  }

  /** Writes level and mask, 15 bits, twice. */
  format(mask) {
    const data = (FORMAT_M << 3) | mask;
    let rest = data;
    for (let i = 0; i < 10; i += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
    const bits = ((data << 10) | rest) ^ 0x5412;
    const bit = (i) => (bits >>> i) & 1;
    const last = this.size - 1;
    for (let i = 0; i <= 5; i += 1) this.#fix(8, i, bit(i));
    this.#fix(8, 7, bit(6));
    this.#fix(8, 8, bit(7));
    this.#fix(7, 8, bit(8));
    for (let i = 9; i < 15; i += 1) this.#fix(14 - i, 8, bit(i));
    for (let i = 0; i < 8; i += 1) this.#fix(last - i, 8, bit(i));
    for (let i = 8; i < 15; i += 1) this.#fix(8, this.size - 15 + i, bit(i));
    this.#fix(8, last - 7, 1);
  }

  #versionBits() {
    let rest = this.version;
    for (let i = 0; i < 12; i += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (this.version << 12) | rest;
    for (let i = 0; i < 18; i += 1) {
      const a = this.size - 11 + (i % 3);
      const b = Math.floor(i / 3);
      this.#fix(a, b, (bits >>> i) & 1);
      this.#fix(b, a, (bits >>> i) & 1);
    }
  }

  /** Puts the codewords in: two columns at a time, upwards and downwards in turn. */
  fill(words) {
    let at = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      const isUpward = ((right + 1) & 2) === 0;
      for (let step = 0; step < this.size; step += 1) {
        const y = isUpward ? this.size - 1 - step : step;
        for (const x of [right, right - 1]) {
          const index = y * this.size + x;
          if (this.fixed[index] || at >= words.length * 8) continue;
          this.dark[index] = (words[at >>> 3] >>> (7 - (at & 7))) & 1;
          at += 1;
        }
      }
    }
  }

  mask(number) {
    for (let y = 0; y < this.size; y += 1) {
      for (let x = 0; x < this.size; x += 1) {
        const index = y * this.size + x;
        if (!this.fixed[index] && MASKS[number](x, y)) this.dark[index] ^= 1;
      }
    }
  }

  /** How hard the code is to read: long runs, blocks, false corners, and too much of one color. */
  get penalty() {
    let sum = 0;
    let darkCount = 0;
    for (let y = 0; y < this.size; y += 1) {
      sum += this.#lineOf((i) => this.get(i, y)) + this.#lineOf((i) => this.get(y, i));
      for (let x = 0; x < this.size; x += 1) {
        darkCount += this.get(x, y);
        if (x === 0 || y === 0) continue;
        const four =
          this.get(x, y) + this.get(x - 1, y) + this.get(x, y - 1) + this.get(x - 1, y - 1);
        if (four % 4 === 0) sum += 3;
      }
    }
    const share = (darkCount * 20) / this.size ** 2;
    return sum + Math.max(0, Math.ceil(Math.abs(share - 10)) - 1) * 10;
  }

  #lineOf(get) {
    let line = '';
    for (let i = 0; i < this.size; i += 1) line += get(i);
    let sum = 0;
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) sum += run.length - 2;
    for (const corner of ['00001011101', '10111010000']) {
      for (let at = line.indexOf(corner); at >= 0; at = line.indexOf(corner, at + 1)) sum += 40;
    }
    return sum;
  }
}

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The code of a text: its `size` in modules, and whether a module is dark; 4 around stay light. */
export function encodeQR(text) {
  const bytes = utf8(text);
  let version = 1;
  const head = () => (version < 10 ? 2 : 3);
  while (version <= LAST_VERSION && dataBytes(version) < bytes.length + head()) version += 1;
  need(version <= LAST_VERSION, 'qr.length', 'the link is too long for a code', {
    limit: dataBytes(LAST_VERSION) - 3,
    found: bytes.length,
  });
  const square = new Square(version);
  square.fill(interleaved(codewords(bytes, version), version));
  let best = { penalty: Infinity, number: 0 };
  for (let number = 0; number < MASKS.length; number += 1) {
    square.mask(number);
    square.format(number);
    const { penalty } = square;
    if (penalty < best.penalty) best = { penalty, number };
    square.mask(number);
  }
  square.mask(best.number);
  square.format(best.number);
  return {
    version,
    mask: best.number,
    size: square.size,
    isDark: (x, y) => square.get(x, y) === 1,
  };
}
