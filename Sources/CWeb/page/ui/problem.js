// Problems that leave nothing to show: each says what is wrong and what to do.

import { button, h, icon } from './dom.js';
import { words } from './words.js';

const AGAIN = 4_000;

/** Which of the problems in `words.problems` an error is. */
export function problemOf(error) {
  const rule = String(error?.rule ?? '');
  const code = error?.code ?? 0;
  if (rule === 'link.network') return 'network';
  if (rule === 'crypto.insecure') return 'insecure';
  if (rule === 'crypto.old') return 'browser';
  if (rule === 'page.missing') return 'missing';
  if (/^storage.(slow|blocked)$/.test(rule)) return rule.slice(8);
  if (/^(link|bech32m|base64)/.test(rule)) return 'link';
  if (['node.unreachable', 'node.unreadable'].includes(rule)) return 'unreachable';
  if (rule === 'node.syncing' || code === -32006) return 'syncing';
  if (rule === 'meeting.unknown' || code === -32001) return 'unknown';
  if (/^(entry|header|host|network|headers|node|parameters|terms)/.test(rule)) return 'dishonest';
  return 'other';
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

/** What went wrong, and what to do about it, in sentences. */
export function explain(error) {
  // What has no rule is a part of the page that could not be loaded.
  const [, , remedy] = words.problems[problemOf(error)];
  if (!error?.rule) return `${sentence(words.problems.unreachable[0])} ${words.problems.other[2]}`;
  return `${sentence(error.message)} ${error.remedy ?? remedy}`;
}

/** A page that says what is wrong; problems that pass by themselves are tried again. */
export function problemView(error, again) {
  const name = problemOf(error);
  const [title, meaning, remedy] = words.problems[name];
  const isStorage = ['slow', 'blocked'].includes(name);
  const isPassing = ['syncing', 'unreachable', 'unknown'].includes(name);
  const main = h(
    'main',
    { class: 'card problem', 'data-problem': name },
    icon('warn'),
    h('h1', { text: title, tabindex: '-1' }),
    h('p', { text: meaning || error?.message || '' }),
    h('p', { class: 'remedy', text: remedy }),
    h(
      'div',
      { class: 'actions' },
      again && button(isStorage ? words.reload : words.retry, again, { kind: 'main' }),
      // The start would wait for the same.
      !isStorage && h('a', { class: 'button', href: '/', text: words.back }),
    ),
    error?.rule && h('p', { class: 'fine', text: words.problemRule(error.rule) }),
  );
  if (isPassing && again) setTimeout(() => main.isConnected && again(), AGAIN);
  return main;
}
