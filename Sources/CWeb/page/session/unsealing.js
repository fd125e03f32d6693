// What a sound entry says, as far as this browser has the secret.

import { ContentType, decodeContent, openMessage, splitPayload } from '../core/content.js';
import { Kind } from '../core/entry.js';
import { isSigned, profileMessage } from '../core/signature.js';
import { decodeControl } from '../core/terms.js';

/** Reads the content of an item; what has no secret here stays sealed. */
export async function readContent(item, { meeting, isPrivate, epochs }) {
  const { entry, payload } = item;
  if (!payload) return;
  if (entry.kind !== Kind.message) {
    item.content = decodeControl(entry.kind, payload);
    return;
  }
  try {
    const { salt, epoch, body } = splitPayload(payload, isPrivate);
    let plain = body;
    if (isPrivate) {
      item.epoch = epoch;
      item.isSealed = true;
      const readKey = epochs.readKey(epoch);
      const { author, sequence } = entry;
      plain =
        readKey && (await openMessage({ salt, body, readKey, meeting, author, sequence }));
      if (!plain) return;
      item.isSealed = false;
    }
    item.content = await checked(decodeContent(plain), entry, meeting);
  } catch {
    item.content = null;
    item.isUnreadable = true;
  }
}

/** A profile tells whether the identity that it names is its author's. */
async function checked(content, entry, meeting) {
  if (content.type === ContentType.profile && content.identity) {
    const message = profileMessage(meeting, entry.author);
    const isTrue = await isSigned(content.identity, message, content.signature);
    return { ...content, isIdentityProved: isTrue };
  }
  return content;
}
