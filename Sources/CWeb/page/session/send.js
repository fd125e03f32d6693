// Contents that a person writes.

import { need } from '../core/bytes.js';
import {
  ContentType,
  correctionContent,
  paddedLength,
  reactionContent,
  replyContent,
  textContent,
} from '../core/content.js';
import { SALT_BYTES } from '../core/entry.js';

const MAKERS = {
  [ContentType.text]: ({ text }) => textContent(text),
  [ContentType.reply]: ({ text, subject }) => replyContent(subject, text),
  [ContentType.reaction]: ({ text, subject }) => reactionContent(subject, text),
  [ContentType.correction]: ({ text, subject }) => correctionContent(subject, text),
};

/** The bytes of a payload around a content: salt, and where it is sealed epoch, padding and tag. */
const payloadBytes = (length, isPrivate) =>
  isPrivate ? SALT_BYTES + 2 + paddedLength(length + 1) + 16 : SALT_BYTES + length;

/** The bytes of the longest text that a message can have, be it a reply. */
export function textLimit({ parameters }, isPrivate) {
  const whole = parameters.maximumPayloadBytes;
  let longest = whole - payloadBytes(0, isPrivate) - 33;
  while (longest > 0 && payloadBytes(longest + 33, isPrivate) > whole) longest -= 1;
  return longest;
}

/** The bytes of what a person writes, and how it is shown until the chain has it. */
export function contentOf({ type, text, subject }, network, isPrivate) {
  const make = MAKERS[type];
  need(make, 'message.type', 'an unknown kind of message', { found: type });
  need(typeof text === 'string' && text !== '', 'message.empty', 'there is nothing to send');
  // What is no Unicode would be written as something else.
  need(text.isWellFormed?.() ?? true, 'message.text', 'the text has half a letter in it');
  const id = typeof subject === 'string' ? bytesOf(subject) : subject;
  need(type === ContentType.text || id?.length === 32, 'message.subject', 'it answers nothing');
  const content = make({ text, subject: id });
  const limit = network.parameters.maximumPayloadBytes;
  const found = payloadBytes(content.length, isPrivate);
  need(found <= limit, 'message.length', 'the message is too long', { limit, found });
  return { content, shown: { type, text, subject: id } };
}

function bytesOf(text) {
  need(/^[0-9a-f]{64}$/.test(text), 'message.subject', 'it answers nothing that is sent yet');
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}
