// The network that a node belongs to, checked against itself.

import { equal, fromBase64, hex, need } from '../core/bytes.js';
import { HeaderRules } from '../core/header.js';
import { decodeParameters, parametersHash } from '../core/parameters.js';
import { digestOf, wordOf } from './shape.js';

/** Reads what `node.info` says of the network, and checks that it belongs together. */
export function readNetwork(info) {
  const stated = info?.network;
  const raw = fromBase64(wordOf(stated, 'parameters', 88));
  const parameters = decodeParameters(raw);
  const rules = new HeaderRules(parameters, null);
  const genesis = rules.decode(fromBase64(wordOf(stated, 'genesis', 208)));
  rules.genesis = genesis;
  need(genesis.height === 0, 'network.genesis', 'the first block has a height');
  need(
    equal(genesis.previous, parametersHash(raw)),
    'network.parameters',
    'the first block commits to other rules than the node states',
  );
  need(
    hex(genesis.hash) === digestOf(stated, 'chain'),
    'network.chain',
    'the node states another chain than its first block makes',
  );
  return {
    name: wordOf(stated, 'name'),
    prefix: wordOf(stated, 'prefix', 16),
    chain: genesis.hash,
    parameters,
    genesis,
    rules,
    limits: info.limits ?? {},
  };
}
