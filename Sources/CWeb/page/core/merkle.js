// The trees of RFC 6962: leaves and nodes are hashed apart, nothing is duplicated.

import { concat, need } from './bytes.js';
import { sha256 } from './sha256.js';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const EMPTY_ROOT = sha256(new Uint8Array());

export const leafHash = (data) => sha256(concat(LEAF, data));
export const nodeHash = (left, right) => sha256(concat(NODE, left, right));

/** The root that a leaf and its path lead to (RFC 9162, 2.1.3.2); index and size are numbers. */
export function rootFrom(index, size, leaf, path) {
  need(index >= 0 && index < size, 'merkle.index', 'the index lies outside the tree', {
    limit: size,
    found: index,
  });
  let first = index;
  let last = size - 1;
  let hash = leaf;
  for (const step of path) {
    need(step.length === 32, 'merkle.length', 'a step of the proof has not 32 bytes');
    need(last !== 0, 'merkle.long', 'the proof is too long');
    if (first % 2 === 1 || first === last) {
      hash = nodeHash(step, hash);
      while (first % 2 === 0 && first !== 0) {
        first = Math.floor(first / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, step);
    }
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  need(last === 0, 'merkle.short', 'the proof is too short');
  return hash;
}

/** A tree that only grows: the roots of its perfect subtrees, the largest first. */
export class Frontier {
  #peaks = [];

  count = 0;

  append(leaf) {
    let hash = leaf;
    for (let rest = this.count; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      hash = nodeHash(this.#peaks.pop(), hash);
    }
    this.#peaks.push(hash);
    this.count += 1;
  }

  get root() {
    if (this.count === 0) return EMPTY_ROOT;
    return this.#peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}
