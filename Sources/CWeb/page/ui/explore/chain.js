// Blocks: the list, and one.

import { code, element, facts, many, moment } from '../../export/dom.js';
import { blockLink, ENTRY_COLUMNS, entryRow, heightLink, link, table, whole } from './parts.js';

const PAGE = 50;

const COLUMNS = [['Height', 'number'], ['Hash', ''], ['Time', ''], ['Entries', 'number'], ['Bytes', 'number wide']];

export const blockTable = (headers) =>
  table('Blocks', COLUMNS, headers.map((header) => [
    heightLink(header.height),
    blockLink(header.block),
    moment(header.time),
    String(header.entryCount),
    header.bodyBytes.toLocaleString('en'),
  ]));

/** Blocks from a height downwards. */
export async function blocks({ rpc, rest }) {
  const tip = await rpc.call('chain.tip');
  const wanted = /^[0-9]{1,10}$/.test(rest[0] ?? '') ? Number(rest[0]) : tip.height;
  const top = Math.min(tip.height, wanted);
  const from = Math.max(0, top - PAGE + 1);
  const { headers } = await rpc.call('chain.headers', { from, limit: top - from + 1 });
  return [
    element('h1', {}, 'Blocks'),
    element('p', {}, `Blocks ${from.toLocaleString('en')} to ${top.toLocaleString('en')} of ${tip.height.toLocaleString('en')}.`),
    blockTable(headers.reverse()),
    element('nav', { class: 'pager', 'aria-label': 'Pages of blocks' },
      top < tip.height ? link(`blocks/${Math.min(tip.height, top + PAGE)}`, 'Newer') : null,
      from > 0 ? link(`blocks/${from - 1}`, 'Older') : null,
    ),
  ];
}

/** One block. */
export async function block({ rpc, rest }) {
  const name = /^[0-9]{1,10}$/.test(rest[0]) ? Number(rest[0]) : rest[0];
  let found;
  let why = null;
  try {
    found = await rpc.call('chain.block', { block: name });
  } catch (error) {
    if (error.code !== -32005) throw error;
    found = { header: await rpc.call('chain.header', { block: name }) };
    why = error.message;
  }
  const { header, entries = [] } = found;
  const tip = await rpc.call('chain.tip');
  const isFirst = header.height === 0;
  return [
    element('h1', {}, `Block ${header.height.toLocaleString('en')}`),
    facts([
      ['Hash', code(header.block)],
      ['Time by its miner’s clock', moment(header.time)],
      ['Depth', many(tip.height - header.height + 1, 'block')],
      ['Entries', `${header.entryCount} (${many(header.bodyBytes, 'byte')})`],
      isFirst ? ['Hash of the parameters', code(header.previous)] : ['Before it', whole('block', header.previous)],
      ['Root of its entries', code(header.entriesRoot)],
      ['Root of all earlier headers', code(header.historyRoot)],
      ['Work of the chain up to here', `${BigInt(`0x${header.chainWork}`).toLocaleString('en')} hashes`],
      ['Compact target', `0x${header.bits.toString(16)}`],
      ['Nonce', code(header.nonce)],
    ]),
    element('nav', { class: 'pager', 'aria-label': 'Blocks beside this one' },
      isFirst ? null : link(`block/${header.height - 1}`, 'Block before'),
      header.height < tip.height ? link(`block/${header.height + 1}`, 'Block after') : null,
    ),
    element('h2', {}, 'Entries'),
    why
      ? element('p', { class: 'fine' }, why)
      : entries.length === 0
        ? element('p', { class: 'fine' }, 'None.')
        : table('Entries of the block', ENTRY_COLUMNS, entries.map((entry) => entryRow({ ...entry, status: entry.status ?? { height: header.height } }))),
  ];
}
