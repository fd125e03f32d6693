// Bytes and the ways in which they are written down. All integers are little-endian.

/** A rule that was broken: its name, the limit and what was found. */
export class PhiError extends Error {
  constructor(rule, message, details = {}) {
    super(message);
    this.name = 'PhiError';
    this.rule = rule;
    Object.assign(this, details);
  }
}

/** Throws a `PhiError` unless the condition holds. */
export function need(condition, rule, message, details) {
  if (!condition) throw new PhiError(rule, message ?? rule, details);
}

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a text. */
export const utf8 = (text) => encoder.encode(text);

/** The text of UTF-8 bytes, or null where they are none: never a guess. */
export function textOf(bytes) {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return null;
  }
}

/** All parts one after the other. */
export function concat(...parts) {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Whether two byte strings are the same. Nothing secret is compared here. */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Bytewise order, as a sort function wants it. */
export function compare(a, b) {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

export const isZero = (bytes) => bytes.every((byte) => byte === 0);

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

/** Lowercase hexadecimal digits. */
export function hex(bytes) {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The bytes of lowercase hexadecimal digits. */
export function fromHex(text, length) {
  need(/^([0-9a-f]{2})*$/.test(text), 'hex', 'not lowercase hexadecimal digits');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = parseInt(text.substr(2 * i, 2), 16);
  need(length === undefined || bytes.length === length, 'length', 'wrong length', {
    limit: length,
    found: bytes.length,
  });
  return bytes;
}

/** Base64 with padding. */
export function base64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(text);
}

/** The bytes of base64 in its one form. */
export function fromBase64(text) {
  need(/^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0, 'base64', 'not base64');
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  need(base64(bytes) === text, 'base64', 'base64 is not canonical');
  return bytes;
}

/** Unpadded base64url. */
export const base64url = (bytes) =>
  base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** The bytes of unpadded base64url in its one form. */
export function fromBase64url(text) {
  need(/^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1, 'base64url', 'not base64url');
  const padded = text.replaceAll('-', '+').replaceAll('_', '/');
  return fromBase64(padded + '='.repeat((4 - (padded.length % 4)) % 4));
}

export function u16(value) {
  return new Uint8Array([value & 0xff, (value >>> 8) & 0xff]);
}

export function u32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

export function u64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

/** Takes fields off bytes one after the other; never reads past the end. */
export class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = 0;
  }

  get rest() {
    return this.bytes.length - this.offset;
  }

  #take(count, field) {
    need(count <= this.rest, 'truncated', `${field} is cut off`, {
      limit: count,
      found: this.rest,
    });
    const start = this.offset;
    this.offset += count;
    return start;
  }

  u8(field) {
    return this.bytes[this.#take(1, field)];
  }

  u16(field) {
    return this.view.getUint16(this.#take(2, field), true);
  }

  u32(field) {
    return this.view.getUint32(this.#take(4, field), true);
  }

  u64(field) {
    return this.view.getBigUint64(this.#take(8, field), true);
  }

  /** A u64 that fits a number exactly. */
  count(field) {
    const value = this.u64(field);
    need(value <= BigInt(Number.MAX_SAFE_INTEGER), 'range', `${field} is too large`, {
      limit: BigInt(Number.MAX_SAFE_INTEGER),
      found: value,
    });
    return Number(value);
  }

  u128(field) {
    const low = this.u64(field);
    return low | (this.u64(field) << 64n);
  }

  take(count, field) {
    const start = this.#take(count, field);
    return this.bytes.slice(start, start + count);
  }

  end(what) {
    need(this.rest === 0, 'trailing', `bytes are left over after ${what}`, { found: this.rest });
  }
}
