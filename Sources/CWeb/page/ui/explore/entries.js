// One entry, and the entries of one author.

import { code, element, facts, many, moment, quoted } from '../../export/dom.js';
import { ENTRY_COLUMNS, entryRow, gist, heightLink, paged, table, whole, ZEROS } from './parts.js';

const STEPS = {
  sending: 'no peer has it yet',
  pending: 'waits in the mempool',
  returned: 'was taken out by a reorganization and waits again',
  expired: 'was not recorded in its time',
  unknown: 'is not known here',
};

/** One entry with all that the node tells of it. */
export async function entry({ rpc, rest }) {
  const found = await rpc.call('entry.get', { entry: rest[0] });
  const { content, status } = found;
  const isText = found.kind === 'message' && content?.text;
  return [
    element('p', { class: 'kind' }, 'Entry'),
    element('h1', {}, { open: 'Opening of a meeting', message: 'Message' }[found.kind] ?? `${found.kind[0].toUpperCase()}${found.kind.slice(1)}`),
    isText ? quoted(content.text) : element('p', {}, gist(found)),
    found.kind === 'message' && !content && found.payload
      ? element('p', { class: 'fine' }, `Sealed: only those who have the meeting’s secret read these ${many(atob(found.payload).length, 'byte')}.`)
      : null,
    facts([
      ['Id', code(found.entry)],
      ['Status', `${status.status}: ${status.depth > 0 ? `${many(status.depth, 'block')} deep` : (STEPS[status.status] ?? '')}`],
      status.height !== undefined && ['Block', heightLink(status.height), ` index ${status.index} `, whole('block', status.block)],
      ['Author', whole('author', found.author)],
      ['Meeting', found.meeting === ZEROS ? 'the author’s own feed' : whole('meeting', found.meeting)],
      ['Number among the author’s entries there', String(found.seq)],
      ['The author’s entry before', found.previous === ZEROS ? 'none' : whole('entry', found.previous)],
      ['Time by the author’s clock', moment(found.time)],
      ['Block that the author had seen', heightLink(found.anchor.height)],
      content?.to && ['About', whole('entry', content.to)],
      content?.reading && ['Terms', `${content.reading}, written by ${content.writing}${content.lifetime > 0 ? `, ${many(content.lifetime, 'block')} long` : ''}`],
      content?.count !== undefined && ['Signs', `${many(content.count, 'entry', 'entries')}, root `, code(content.root)],
      content?.keys && content.keys.length > 0 && ['Authors', content.keys.map((key) => [whole('author', key), ' '])],
      ['Stamp', many(BigInt(`0x${found.stamp.work}`), 'hash', 'hashes')],
      ['Signature', code(found.signature)],
      ['Leaf', code(found.leaf)],
    ]),
    status.height === undefined ? null : receiptPart(rpc, found.entry),
  ];
}

/** Takes the receipt, and checks it here: from then on nothing rests on the node's word. */
function receiptPart(rpc, id) {
  const place = element('div', { class: 'result' });
  const get = async () => (await rpc.call('entry.receipt', { entry: id, confirmations: 6 })).receipt;
  const guarded = (work) => async () => {
    place.textContent = 'Asking…';
    try {
      place.replaceChildren(...[await work()].flat(9).filter(Boolean));
    } catch (error) {
      place.textContent = `Not done: ${error.message}`;
    }
  };
  const check = guarded(async () => {
    const [text, { verifyReceipt }, { receiptView }] = await Promise.all([get(), import('../../core/receipt.js'), import('../verify.js')]);
    return receiptView(await verifyReceipt(text));
  });
  const save = guarded(async () => {
    const [text, { download }] = await Promise.all([get(), import('../minutes.js')]);
    download(`receipt-${id.slice(0, 12)}.phi`, text, 'text/plain');
    return element('p', { role: 'status' }, 'The receipt was saved.');
  });
  return element('section', {},
    element('h2', {}, 'Receipt'),
    element('p', {}, 'Above is what this node says. The receipt proves it with no node.'),
    element('p', { class: 'pager' },
      element('button', { class: 'button', type: 'button', click: check }, 'Check it in this browser'),
      element('button', { class: 'button', type: 'button', click: save }, 'Save the receipt'),
    ),
    place,
  );
}

/** What one key signed, in all meetings. */
export async function author({ rpc, rest }) {
  const key = rest[0];
  const load = async (cursor) => {
    const page = await rpc.call('author.history', {
      author: key,
      limit: 50,
      direction: 'backward',
      ...(cursor ? { cursor } : { includePending: true }),
    });
    return { rows: [...page.pending, ...page.entries].map(entryRow), next: page.next };
  };
  return [
    element('p', { class: 'kind' }, 'Author'),
    element('h1', { class: 'hash-title' }, code(key)),
    element('p', {}, 'Authors use a fresh key for each meeting, unless they choose otherwise: who is behind it, the ledger does not know.'),
    element('h2', {}, 'Entries'),
    await paged('Entries of the author', ENTRY_COLUMNS, load, 'This node has no entry of this key.'),
  ];
}

/** What waits for a block. */
export async function mempool({ rpc }) {
  const info = await rpc.call('mempool.info');
  const load = async (cursor) => {
    const page = await rpc.call('mempool.list', { limit: 50, ...(cursor ? { cursor } : {}) });
    return { rows: page.entries.map(entryRow), next: page.next };
  };
  return [
    element('h1', {}, 'Waiting entries'),
    facts([
      ['Entries', info.entries.toLocaleString('en')],
      ['Bytes', info.bytes.toLocaleString('en')],
      ['Least work for each byte', info.minimumDensity.toLocaleString('en')],
    ]),
    await paged('Waiting entries', ENTRY_COLUMNS, load, 'Nothing waits.'),
  ];
}

const PEER_COLUMNS = [['Peer', ''], ['Address', ''], ['Called by', 'wide'], ['Height', 'number'], ['Ping', 'number'], ['Since', 'wide']];

/** Who the node is connected with. */
export async function peers({ rpc }) {
  const list = [];
  let cursor;
  do {
    const page = await rpc.call('peer.list', { limit: 500, ...(cursor ? { cursor } : {}) });
    list.push(...page.peers);
    cursor = page.next;
  } while (cursor && list.length < 5_000);
  return [
    element('h1', {}, 'Peers'),
    element('p', {}, `This node is connected with ${many(list.length, 'peer')}.`),
    list.length === 0 ? null : table('Peers', PEER_COLUMNS, list.map((peer) => [
      element('span', { class: 'hash', title: peer.peer }, `${String(peer.peer).slice(0, 8)}…`),
      peer.address ?? 'unknown',
      peer.direction === 'inbound' ? 'the peer' : peer.direction === 'outbound' ? 'this node' : String(peer.direction),
      String(peer.height ?? '–'),
      peer.pingMs === undefined || peer.pingMs === null ? '–' : `${peer.pingMs} ms`,
      peer.since ? moment(peer.since) : '–',
    ])),
  ];
}
