// The page that checks a receipt, or minutes, wholly in the browser.

import { hex, need, PhiError } from '../core/bytes.js';
import { decodeContent, splitPayload } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { code, element, facts, many, moment, quoted } from '../export/dom.js';
import { FILE_LIMIT, judge } from '../export/judge.js';
import { failure, minutesView } from '../export/view.js';
import { addStyle } from './explore/style.js';
import { page as framed } from './frame.js';

const KINDS = {
  [Kind.message]: 'a message',
  [Kind.open]: 'the opening of a meeting',
  [Kind.join]: 'a join',
  [Kind.admit]: 'an admission by the host',
  [Kind.revoke]: 'a revocation by the host',
  [Kind.close]: 'the close of a meeting',
  [Kind.approve]: 'an approval of minutes',
};

/** A large count by its first digits. */
export function roughly(count) {
  const digits = count.toString();
  if (digits.length <= 9) return Number(digits).toLocaleString('en');
  const power = digits.length - 1;
  return element(
    'span',
    { title: `${digits} hashes` },
    `${digits[0]}.${digits.slice(1, 3)} × 10`,
    element('sup', {}, String(power)),
  );
}

/** The content of a receipt, as a public meeting would have it. */
function contentOf(payload) {
  try {
    const content = decodeContent(splitPayload(payload, false).body);
    return content.text !== undefined || content.name !== undefined ? content : null;
  } catch {
    return null;
  }
}

function said({ entry, payload }) {
  if (!payload) {
    return element('p', {}, 'The text is not in this receipt: it was erased or withheld. What is proved is its hash, so whoever shows the text can prove that it is this one.');
  }
  if (entry.kind !== Kind.message) return null;
  const content = contentOf(payload);
  const text = content?.text ?? content?.name;
  if (text === null || text === undefined) {
    return element('p', {}, `The content, ${many(payload.length, 'byte')}, is sealed or no text. The receipt proves these bytes; the meeting’s secret opens them.`);
  }
  return [
    quoted(text),
    content.name !== undefined ? element('p', { class: 'fine' }, 'This is the name that the author took.') : null,
  ];
}

/** What a valid receipt says, in sentences. */
export function receiptView(verdict) {
  const { entry, header, last } = verdict;
  const headers = verdict.confirmations > 1 ? 'headers' : 'header';
  return [
    element(
      'section',
      { class: 'verdict good' },
      element('h2', {}, 'This receipt is valid'),
      element('p', {}, 'Checked in this browser, with no node: the signature, the stamp, the way to the block and all headers in it.'),
    ),
    said(verdict),
    element('h2', {}, 'What it proves'),
    element(
      'ol',
      { class: 'proofs' },
      element('li', {}, 'The key ', code(hex(entry.author)), ` signed this entry, ${KINDS[entry.kind] ?? `of the unknown kind ${entry.kind}`}.`),
      element('li', {}, `It existed before block ${header.height}, made at `, moment(verdict.notAfter), ' by its miner’s clock.'),
      verdict.notBefore === null
        ? element('li', {}, 'It does not say after what time it was signed: the block that the author had seen is not in it.')
        : element('li', {}, `It was signed after block ${entry.anchorHeight} of `, moment(verdict.notBefore), ', which the author had seen.'),
      element('li', {}, 'The ', headers, ' in this file show ', roughly(verdict.workInFile), ' hashes of work. To make another such file would cost as many.'),
      element('li', {}, `It is in the chain that contains block ${last.height}, `, code(hex(last.hash)), '.'),
    ),
    element('h2', {}, 'What it does not prove'),
    element(
      'ul',
      {},
      verdict.isTrusted
        ? element('li', {}, 'The block that you trust is in this receipt. Whether you are right to trust it, only you can say.')
        : element('li', {}, `Whether block ${last.height} is of the chain that you mean. Only you can say: compare its hash with a source that you trust. On a small network work alone is cheap.`),
      element('li', {}, 'Whose key it is.'),
      element('li', {}, 'What was said before or after. For a whole meeting there are minutes.'),
    ),
    element(
      'details',
      {},
      element('summary', {}, 'All fields'),
      facts([
        ['Entry', code(hex(entry.id))],
        ['Author', code(hex(entry.author))],
        ['Meeting', code(hex(entry.kind === Kind.open ? entry.id : entry.meeting))],
        ['Number among the author’s entries', String(entry.sequence)],
        ['Time by the author’s clock', moment(entry.authorTime)],
        ['Block', `${header.height} `, code(hex(header.hash))],
        ['Confirmations', String(verdict.confirmations)],
        ['Hashes shown in this file', verdict.workInFile.toLocaleString('en')],
        ['Hashes that the headers claim on top', verdict.workClaimedOnTop.toLocaleString('en')],
        ['Last block', `${last.height} `, code(hex(last.hash))],
        ['First block of the chain', code(hex(verdict.genesis.hash))],
        ['Stamp', `${entry.stampWork.toLocaleString('en')} hashes`],
      ]),
    ),
  ];
}

/** Asks the node for its chain, and says plainly that this is the node's word. */
function comparison(rpc, { genesis, header, last }) {
  const answer = element('p', { role: 'status' });
  const compare = async () => {
    answer.textContent = 'Asking…';
    try {
      answer.replaceChildren(...(await compared(rpc, { genesis, header, last })));
    } catch (error) {
      answer.textContent = `The node did not answer: ${error.message}.`;
    }
  };
  return element(
    'section',
    { class: 'aside' },
    element('h2', {}, 'Compare with this node'),
    element('p', {}, 'The check above needed no node. This one asks the node that served the page, and is as good as your trust in it. It learns which block you ask for.'),
    element('button', { class: 'button', type: 'button', click: compare }, 'Compare with the chain of this node'),
    answer,
  );
}

async function compared(rpc, { genesis, header, last }) {
  const { network } = await rpc.call('node.info');
  if (network.chain !== hex(genesis.hash)) {
    return [`No: this node follows another network, “${network.name}”. Its first block is `, code(network.chain), '.'];
  }
  const tip = await rpc.call('chain.tip');
  if (tip.height < header.height) {
    return [`This node cannot say: its chain ends at block ${tip.height}.`];
  }
  const height = Math.min(last.height, tip.height);
  const wanted = height === last.height ? last : header;
  const { block } = await rpc.call('chain.header', { block: wanted.height });
  return block === hex(wanted.hash)
    ? [`Yes: block ${wanted.height} of this node’s chain is the one in the file, and ${many(tip.height - wanted.height, 'block')} follow it.`]
    : [`No: this node has another block ${wanted.height}, `, code(block), '. Either the file or the node follows another chain than most.'];
}

/** Shows the page in an element. */
export function showVerify(root, { rpc = null } = {}) {
  addStyle();
  const result = element('div', { class: 'result', tabindex: -1 });
  const status = element('p', { role: 'status', class: 'fine' });
  const trusted = element('input', { id: 'trusted', autocomplete: 'off', spellcheck: 'false', maxlength: 64, placeholder: '64 digits' });
  const pasted = element('textarea', { id: 'pasted', rows: 4, spellcheck: 'false', autocomplete: 'off', placeholder: 'phi-receipt/v1 …' });
  const chooser = element('input', { id: 'file', type: 'file', class: 'unseen' });
  let held = null;
  let turn = 0;

  const run = async (bytes, name) => {
    held = { bytes, name };
    turn += 1;
    const mine = turn;
    const wanted = trusted.value.trim().toLowerCase();
    result.replaceChildren();
    status.textContent = `Checking ${name}…`;
    let parts;
    try {
      need(crypto.subtle, 'browser.crypto', 'this browser offers no cryptography here; open the page over https, or on the node’s own machine');
      need(wanted === '' || /^[0-9a-f]{64}$/.test(wanted), 'trusted.form', 'the hash of a block has 64 hexadecimal digits');
      const found = await judge(bytes, {
        trusting: wanted === '' ? null : wanted,
        onProgress: (count) => {
          status.textContent = `Checking ${name}: ${count} lines…`;
        },
      });
      const chain = found.receipt ?? found.minutes.receipts[0];
      parts = [
        ...(found.receipt ? receiptView(found.receipt) : minutesView(found.minutes, found.opened, 'h2')),
        rpc && chain ? comparison(rpc, chain) : null,
      ];
      status.textContent = `${name} was checked: valid${wanted === '' ? '' : ', and the block that you trust is in it'}.`;
    } catch (error) {
      const known = error instanceof PhiError ? error : new PhiError('unreadable', 'the file cannot be read');
      parts = [failure(known, 'This file is')];
      status.textContent = `${name} was checked: not valid.`;
    }
    if (mine !== turn) return;
    result.replaceChildren(...parts.flat(9).filter(Boolean));
    result.focus({ preventScroll: true });
  };
  const take = async (file) => {
    if (!file) return;
    if (file.size > FILE_LIMIT) {
      result.replaceChildren(failure(new PhiError('file.length', 'the file is too long for this page; the command line takes it', { limit: FILE_LIMIT, found: file.size }), 'This file was not checked: it is'));
      return;
    }
    await run(new Uint8Array(await file.arrayBuffer()), `“${file.name}”`);
  };
  chooser.addEventListener('change', () => take(chooser.files[0]));
  trusted.addEventListener('change', () => held && run(held.bytes, held.name));

  const zone = element(
    'label',
    { class: 'zone', for: 'file' },
    chooser,
    element('strong', {}, 'Drop a receipt or minutes here'),
    element('span', {}, 'or choose a file. It does not leave this browser.'),
  );
  const over = (isOver) => (event) => {
    event.preventDefault();
    zone.classList.toggle('over', isOver);
  };
  const page = element(
    'div',
    { class: 'docs verify', dragover: over(true), dragleave: over(false) },
    element('h1', {}, 'Check a receipt or minutes'),
    zone,
    element('details', { class: 'paste' },
      element('summary', {}, 'Paste a receipt instead'),
      element('label', { for: 'pasted' }, 'Text of the receipt'),
      pasted,
      element('button', { class: 'button', type: 'button', click: () => run(new TextEncoder().encode(pasted.value), 'the pasted text') }, 'Check'),
    ),
    element('div', { class: 'field' },
      element('label', { for: 'trusted' }, 'Hash of a block that you trust (optional)'),
      trusted,
    ),
    status,
    result,
    element('p', { class: 'fine' }, 'This page’s code came from the node that served it. For a check that matters use your own node, or “phi-ledger receipt verify FILE”; both say the same.'),
  );
  page.addEventListener('drop', (event) => {
    over(false)(event);
    take(event.dataTransfer.files[0]);
  });
  root.replaceChildren(page);
  return page;
}

/** The page as the router shows it. */
export function view(context) {
  const place = element('div', {});
  document.title = 'Check a receipt – Phi';
  showVerify(place, context);
  return framed(context, place);
}
