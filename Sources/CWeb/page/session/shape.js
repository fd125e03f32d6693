// Fields of a node's answers, which may have any shape.

import { need } from '../core/bytes.js';

const LIMIT = 500;
const wrong = (field) => [
  'node.shape',
  `the node’s answer has no proper “${field}”`,
  { field },
];

/** A list of at most so many values. */
export function listOf(document, field, limit = LIMIT) {
  const list = document?.[field];
  need(Array.isArray(list) && list.length <= limit, ...wrong(field));
  return list;
}

/** A whole number from 0 up. */
export function countOf(document, field) {
  const value = document?.[field];
  need(Number.isSafeInteger(value) && value >= 0, ...wrong(field));
  return value;
}

/** A text of at most so many letters. */
export function wordOf(document, field, limit = 64) {
  const value = document?.[field];
  need(typeof value === 'string' && value.length <= limit, ...wrong(field));
  return value;
}

/** 64 lowercase hexadecimal digits. */
export function digestOf(document, field) {
  const value = document?.[field];
  need(typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), ...wrong(field));
  return value;
}

/** An unsigned number in hexadecimal digits, as a bigint. */
export function workOf(document, field) {
  const value = document?.[field];
  need(typeof value === 'string' && /^[0-9a-f]{1,32}$/.test(value), ...wrong(field));
  return BigInt(`0x${value}`);
}

/** Where the next page goes on, or null at the end. */
export function cursorOf(document) {
  const { next } = document;
  need(next === null || next === undefined || typeof next === 'string', ...wrong('next'));
  return next ?? null;
}
