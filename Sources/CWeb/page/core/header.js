// Headers of blocks, 156 bytes, and the difficulty that each must show.

import { equal, hex, need, Reader } from './bytes.js';
import { sha256d } from './sha256.js';

export const HEADER_BYTES = 156;
const LEAST_TARGET = 1n << 160n;
// Twice as wide as any schedule that a node accepts; the powers below stay small with it.
const OFFSET_LIMIT = 1n << 46n;

const bitLength = (value) => (value === 0n ? 0 : value.toString(2).length);
const least = (a, b) => (a < b ? a : b);
const most = (a, b) => (a > b ? a : b);

/** The compact form of a target. */
export function compactTarget(target) {
  let size = Math.floor((bitLength(target) + 7) / 8);
  let mantissa = size <= 3 ? target << BigInt(8 * (3 - size)) : target >> BigInt(8 * (size - 3));
  if (mantissa & 0x800000n) {
    mantissa >>= 8n;
    size += 1;
  }
  return Number(mantissa) + size * 0x1000000;
}

/** Time and idle time, exactly for the rules and as numbers for people. */
function timesOf(reader) {
  const exactTime = reader.u64('time');
  const exactIdle = reader.u64('idle');
  return { exactTime, exactIdle, time: Number(exactTime), idle: Number(exactIdle) };
}

/** What a network demands of headers. */
export class HeaderRules {
  constructor(parameters, genesis) {
    this.parameters = parameters;
    this.limit = 1n << BigInt(parameters.limitExponent);
    this.genesis = genesis;
  }

  /** The target that compact bits stand for. */
  target(bits) {
    const size = Math.floor(bits / 0x1000000);
    const mantissa = bits & 0x7fffff;
    need(!(bits & 0x800000) && mantissa > 0, 'header.bits', 'no compact target', { found: bits });
    need(size <= 33, 'header.bits', 'the target is above the limit', { found: bits });
    const value =
      size <= 3 ? BigInt(mantissa) >> BigInt(8 * (3 - size)) : BigInt(mantissa) << BigInt(8 * (size - 3));
    need(compactTarget(value) === bits, 'header.bits', 'the target is not in its one form');
    need(value >= LEAST_TARGET && value <= this.limit, 'header.bits', 'the target is out of range');
    return value;
  }

  work(bits) {
    return (1n << 256n) / (this.target(bits) + 1n);
  }

  /** Reads a header and demands the proof of work that it states. */
  decode(bytes) {
    need(bytes.length === HEADER_BYTES, 'header.length', 'a header has 156 bytes', {
      limit: HEADER_BYTES,
      found: bytes.length,
    });
    const reader = new Reader(bytes);
    const version = reader.u32('version');
    need(version === 1, 'header.version', 'an unknown version of headers', { found: version });
    const header = {
      bytes,
      height: reader.u32('height'),
      entryCount: reader.u32('entry_count'),
      bodyBytes: reader.u32('body_bytes'),
      previous: reader.take(32, 'prev'),
      entriesRoot: reader.take(32, 'entries_root'),
      historyRoot: reader.take(32, 'history_root'),
      chainWork: reader.u128('chain_work'),
      ...timesOf(reader),
      bits: reader.u32('bits'),
      nonce: reader.u64('nonce'),
      hash: sha256d(bytes),
    };
    const shown = BigInt(`0x${hex(header.hash)}`);
    need(shown <= this.target(header.bits), 'header.work', 'the proof of work fails', {
      found: header.height,
    });
    return header;
  }

  /** The bits of a child with a time (ASERT, with idle credit and emergency easing). */
  nextBits(parent, time) {
    if (this.parameters.retargets === 0) return this.genesis.bits;
    const { interval, halfLife, grace, emergencyHalfLife } = this.parameters;
    const { exactTime, exactIdle } = parent;
    need(exactIdle <= exactTime, 'header.idle', 'the idle time is longer than all time');
    const ideal = BigInt(interval) * BigInt(parent.height);
    const offset = exactTime - exactIdle - this.genesis.exactTime - ideal;
    let target = this.#scaled(this.target(this.genesis.bits), offset, BigInt(halfLife));
    const late = BigInt(time) - exactTime - BigInt(grace);
    if (late > 0n) target = this.#scaled(target, late, BigInt(emergencyHalfLife));
    return compactTarget(target);
  }

  /** target × 2^(offset/halfLife) in the integer form of aserti3-2d; BigInt division truncates. */
  #scaled(target, offset, halfLife) {
    need(
      offset < OFFSET_LIMIT && -offset < OFFSET_LIMIT,
      'header.time',
      'the time lies far off the schedule',
    );
    const exponent = (offset * 65536n) / halfLife;
    const shift = exponent >> 16n;
    const part = exponent & 0xffffn;
    const factor =
      65536n +
      ((195766423245049n * part + 971821376n * part * part + 5127n * part ** 3n + (1n << 47n)) >>
        48n);
    if (shift > 512n) return this.limit;
    if (shift < -512n) return LEAST_TARGET;
    const raw = target * factor;
    const moved = shift >= 0n ? raw << shift : raw >> -shift;
    return most(LEAST_TARGET, least(this.limit, moved >> 16n));
  }

  /** Demands that a header is a right child of another. */
  follows(parent, child) {
    const { minimumSpacing, idleCap } = this.parameters;
    need(
      equal(child.previous, parent.hash) && child.height === parent.height + 1,
      'header.link',
      'the headers are not linked',
    );
    const gap = child.exactTime - parent.exactTime;
    need(gap >= BigInt(minimumSpacing), 'header.time', 'the time goes back');
    const idle = parent.exactIdle + most(0n, gap - BigInt(idleCap));
    need(child.exactIdle === idle, 'header.idle', 'the idle time is another one');
    need(
      child.bits === this.nextBits(parent, child.exactTime),
      'header.bits',
      'the difficulty is not the one that the schedule demands',
    );
    need(
      child.chainWork === parent.chainWork + this.work(child.bits),
      'header.chainWork',
      'the work of the chain',
    );
  }
}
