// The state of the network, as this node sees it.

import { element, facts, many, moment } from '../../export/dom.js';
import { brief, chart } from '../charts.js';
import { blockTable } from './chain.js';
import { meetingTable } from './meetings.js';
import { link, optional } from './parts.js';

const SPAN = 240;
const BUCKETS = 24;

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? NaN : sorted[Math.floor(sorted.length / 2)];
};

export const seconds = (milliseconds) => {
  const value = milliseconds / 1_000;
  return value >= 120 ? `${brief(value / 60)} min` : `${brief(value)} s`;
};

/** Figures of a row of headers in order. */
export function figuresOf(headers) {
  const pairs = headers.slice(1).map((header, index) => ({
    height: header.height,
    gap: Math.max(0, header.time - headers[index].time),
    work: Number(BigInt(`0x${header.chainWork}`) - BigInt(`0x${headers[index].chainWork}`)),
    end: header.time,
    entries: header.entryCount,
  }));
  const start = headers[0]?.time ?? 0;
  const span = Math.max(1, (headers.at(-1)?.time ?? 0) - start);
  const count = Math.min(BUCKETS, pairs.length);
  const width = span / Math.max(1, count);
  const buckets = Array.from({ length: count }, (_, index) => ({ end: start + width * (index + 1), work: 0 }));
  for (const { end, work } of pairs) {
    buckets[Math.min(count - 1, Math.max(0, Math.floor((end - start) / width)))].work += work;
  }
  const total = pairs.reduce((sum, { work }) => sum + work, 0);
  return {
    pairs,
    meanGap: pairs.length > 0 ? span / pairs.length : NaN,
    medianGap: median(pairs.map(({ gap }) => gap)),
    workPerHour: pairs.length > 0 ? (total * 3_600_000) / span : NaN,
    workPoints: buckets.map(({ end, work }) => ({
      label: new Date(end).toISOString().slice(5, 16).replace('T', ' '),
      value: (work * 3_600_000) / width,
    })),
  };
}

/** How many blocks were connected and taken back, where the node shows its counters. */
async function staleBlocks() {
  try {
    const text = await (await fetch('/metrics', { cache: 'no-store' })).text();
    const read = (name) => Number(new RegExp(`^${name} ([0-9.]+)$`, 'm').exec(text)?.[1] ?? NaN);
    const connected = read('phi_blocks_connected_total');
    const back = read('phi_blocks_disconnected_total');
    return Number.isFinite(connected + back) ? { connected, back } : null;
  } catch {
    return null;
  }
}

export async function overview({ rpc }) {
  const info = await rpc.call('node.info');
  const from = Math.max(0, info.tip.height - SPAN + 1);
  const [{ headers }, health, pool, meetings, stale] = await Promise.all([
    rpc.call('chain.headers', { from, limit: SPAN }),
    optional(rpc, 'node.health', {}),
    optional(rpc, 'mempool.info', {}),
    optional(rpc, 'meeting.list', { limit: 5, direction: 'backward' }),
    staleBlocks(),
  ]);
  // The first block is older than the network: its distance says nothing.
  const figures = figuresOf(headers[0]?.height === 0 ? headers.slice(1) : headers);
  const last = [...headers].reverse().slice(0, 8);
  return [
    element('h1', {}, `Network “${info.network.name}”`),
    state(info, health, pool, stale, figures),
    element('div', { class: 'charts' }, drawn(figures, info)),
    element('h2', {}, 'Newest blocks'),
    blockTable(last),
    element('p', {}, link('blocks', 'All blocks')),
    element('h2', {}, 'Newest meetings'),
    meetings && meetings.meetings.length > 0 ? meetingTable(meetings.meetings) : element('p', { class: 'fine' }, 'None yet.'),
    element('p', {}, link('meetings', 'All meetings')),
  ];
}

function state(info, health, pool, stale, figures) {
  const failed = health ? Object.entries(health.checks).filter(([, { passed }]) => !passed) : [];
  const { reorganizations } = info;
  return [
    element('p', { class: failed.length > 0 ? 'verdict bad' : 'verdict good' },
      health === null
        ? 'The node does not say how it is.'
        : failed.length > 0
          ? `Not well: ${failed.map(([name, { detail }]) => `${name} (${detail})`).join(', ')}`
          : 'This node is well.'),
    info.warnings.length > 0 ? element('ul', { class: 'bad' }, info.warnings.map((text) => element('li', {}, text))) : null,
    element('div', { class: 'facts-grid' }, facts([
      ['Newest block', link(`block/${info.tip.block}`, info.tip.height.toLocaleString('en')), ', ', moment(info.tip.time)],
      ['Node', info.sync.state === 'waiting' || info.sync.state === 'synced' ? 'has caught up' : `${info.sync.state}, best header ${info.sync.bestHeader}`],
      ['Peers', link('peers', String(info.sync.peers))],
      ['Time between blocks', `${seconds(figures.meanGap)} on average, median ${seconds(figures.medianGap)}`],
      ['Work', `${brief(figures.workPerHour)} hashes an hour`],
      pool && ['Waiting entries', link('mempool', many(pool.entries, 'entry', 'entries')), ` (${many(pool.bytes, 'byte')})`],
      ['Reorganizations', reorganizations.count === 0 ? 'none since the node started' : `${reorganizations.count} since the node started, ${many(reorganizations.deepest, 'block')} deep at most`],
      stale && ['Blocks taken back', `${stale.back} of ${stale.connected} since the node started (${stale.connected > 0 ? ((100 * stale.back) / stale.connected).toFixed(1) : '0.0'} %)`],
      ['Contents kept', info.pruned.contentsFrom === 0 ? 'all' : `from block ${info.pruned.contentsFrom}`],
      ['Version', info.version],
    ])),
  ];
}

function drawn(figures, info) {
  const recent = figures.pairs.slice(-120);
  const aim = parameterInterval(info);
  const label = (height) => `block ${height}`;
  const gaps = recent.map(({ height, gap }) => ({ label: label(height), value: gap / 1_000 }));
  const entries = recent.map((pair) => ({ label: label(pair.height), value: pair.entries }));
  const total = recent.reduce((sum, pair) => sum + pair.entries, 0);
  return [
    chart({
      title: 'Time between blocks',
      unit: 's',
      points: gaps,
      mark: aim && { label: `aim ${seconds(aim)}`, value: aim / 1_000 },
      summary: `Last ${recent.length} blocks: ${seconds(figures.meanGap)} on average, the longest ${seconds(Math.max(0, ...recent.map(({ gap }) => gap)))}.`,
    }),
    chart({
      title: 'Work per hour',
      unit: 'hashes',
      form: 'area',
      labelHead: 'Until (UTC)',
      points: figures.workPoints,
      summary: `${brief(figures.workPerHour)} hashes an hour over the last ${many(figures.pairs.length, 'block')}.`,
    }),
    chart({
      title: 'Entries in each block',
      unit: 'entries',
      points: entries,
      summary: `${many(total, 'entry', 'entries')} in the last ${many(recent.length, 'block')}.`,
    }),
  ];
}

/** The interval that the network aims at, out of its parameters. */
function parameterInterval(info) {
  try {
    const bytes = Uint8Array.from(atob(info.network.parameters), (letter) => letter.charCodeAt(0));
    return new DataView(bytes.buffer).getUint32(2, true);
  } catch {
    return null;
  }
}
