// The network that a node belongs to, checked against itself.

import { equal, fromBase64, fromHex, hex, need } from '../core/bytes.js';
import { HeaderRules } from '../core/header.js';
import { decodeParameters, parametersHash } from '../core/parameters.js';

const bytesOf = (text) => (/^[0-9a-f]+$/.test(text) ? fromHex(text) : fromBase64(text));

/** Reads what `node.info` says of the network, and checks that it belongs together. */
export function readNetwork(info) {
  const raw = bytesOf(info.network.parameters);
  const parameters = decodeParameters(raw);
  const rules = new HeaderRules(parameters, null);
  const genesis = rules.decode(bytesOf(info.network.genesis));
  rules.genesis = genesis;
  need(genesis.height === 0, 'network.genesis', 'the first block has a height');
  need(
    equal(genesis.previous, parametersHash(raw)),
    'network.parameters',
    'the first block commits to other rules than the node states',
  );
  need(
    hex(genesis.hash) === info.network.chain,
    'network.chain',
    'the node states another chain than its first block makes',
  );
  return {
    name: info.network.name,
    prefix: info.network.prefix,
    chain: genesis.hash,
    parameters,
    genesis,
    rules,
    limits: info.limits,
  };
}
