// How Phi works, and what this page, this node and this meeting are.

import { openDialog } from './dialog.js';
import { fill, h } from './dom.js';
import { count } from './format.js';
import { facts, hashLine } from './frame.js';
import { words } from './words.js';

function endOf({ lifetime, closesAfter }) {
  const { about } = words;
  if (lifetime === 0) return about.endless;
  return closesAfter === null ? about.blocks(count(lifetime)) : about.byBlock(count(closesAfter));
}

/** Says how Phi works, and what this page and this meeting are. */
export function openAbout(context, session = null) {
  const { about } = words;
  const network = h('div');
  const own = session && facts(
    [about.reading, about.readings[session.terms.reading]],
    [about.writing, about.writings[session.terms.writing]],
    [about.ends, endOf(session.meeting)],
    [about.id, h('code', { class: 'hash', text: session.name })],
  );
  context.rpc.call('node.info').then((info) => fill(network, facts(
    [about.network, info.network.name],
    [about.node, `${info.name ?? 'phi-ledger'} ${info.version ?? ''}`],
    info.tip && [about.tip, count(info.tip.height)],
  ))).catch(() => {});
  return openDialog({
    title: session ? words.chat.about : about.head,
    build: () => [
      own,
      session && h('h3', { text: about.head }),
      about.lines.map((text) => h('p', { text })),
      network,
      h('h3', { text: about.code }),
      hashLine(),
      h('p', { class: 'fine', text: about.codeNote }),
    ],
  });
}
