// The rules of a network, 66 bytes that its genesis block commits to.

import { concat, need, Reader, utf8 } from './bytes.js';
import { sha256 } from './sha256.js';

const LAYOUT = [
  ['version', 2],
  ['interval', 4],
  ['halfLife', 4],
  ['minimumSpacing', 4],
  ['idleCap', 4],
  ['grace', 4],
  ['emergencyHalfLife', 4],
  ['futureLimit', 4],
  ['limitExponent', 2],
  ['retargets', 2],
  ['expiry', 4],
  ['maximumBodyBytes', 4],
  ['maximumEntries', 4],
  ['maximumPayloadBytes', 4],
  ['stampRate', 4],
  ['stampBase', 4],
  ['undoWindow', 4],
  ['createPolicy', 4],
];

/** Reads parameters in the range in which a receipt can be judged. */
export function decodeParameters(bytes) {
  const reader = new Reader(bytes);
  const parameters = {};
  for (const [name, size] of LAYOUT) {
    parameters[name] = size === 2 ? reader.u16(name) : reader.u32(name);
  }
  reader.end('the parameters');
  const { version, retargets, limitExponent } = parameters;
  need(
    version === 1 && retargets <= 1 && limitExponent >= 160 && limitExponent <= 255,
    'parameters.range',
    'parameters out of range',
  );
  for (const name of ['interval', 'halfLife', 'minimumSpacing', 'emergencyHalfLife']) {
    need(parameters[name] > 0, 'parameters.zero', `${name} is zero`);
  }
  return parameters;
}

/** What the genesis header has in place of a parent. */
export const parametersHash = (bytes) => sha256(concat(utf8('phi/parameters/1'), bytes));
