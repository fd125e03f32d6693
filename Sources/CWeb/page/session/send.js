// Contents that a person writes.

import { need } from '../core/bytes.js';
import {
  ContentType,
  correctionContent,
  reactionContent,
  replyContent,
  textContent,
} from '../core/content.js';

/** Blocks on an entry, its own included, from which it is called settled, and deep. */
export { DEEP, SETTLED } from './item.js';

const MAKERS = {
  [ContentType.text]: ({ text }) => textContent(text),
  [ContentType.reply]: ({ text, subject }) => replyContent(subject, text),
  [ContentType.reaction]: ({ text, subject }) => reactionContent(subject, text),
  [ContentType.correction]: ({ text, subject }) => correctionContent(subject, text),
};

/** Salt, epoch, tag and padding of a sealed text, at most. */
const overhead = (length) => 64 + Math.ceil(length / 8);

/** The bytes of what a person writes, and how it is shown until the chain has it. */
export function contentOf({ type, text, subject }, network) {
  const make = MAKERS[type];
  need(make, 'message.type', 'an unknown kind of message', { found: type });
  need(typeof text === 'string' && text !== '', 'message.empty', 'there is nothing to send');
  // What is no Unicode would be written as something else.
  need(text.isWellFormed?.() ?? true, 'message.text', 'the text has half a letter in it');
  const id = typeof subject === 'string' ? bytesOf(subject) : subject;
  need(type === ContentType.text || id?.length === 32, 'message.subject', 'it answers nothing');
  const content = make({ text, subject: id });
  const whole = network.parameters.maximumPayloadBytes;
  const found = content.length + overhead(content.length);
  need(found <= whole, 'message.length', 'the message is too long', { limit: whole, found });
  return { content, shown: { type, text, subject: id } };
}

function bytesOf(text) {
  need(/^[0-9a-f]{64}$/.test(text), 'message.subject', 'it answers nothing that is sent yet');
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}
