// A dropped file, judged by what it is: a receipt, or minutes.

import { hex, need, textOf } from '../core/bytes.js';
import { looksLikeMinutes, openRecords, readMinutes, judgeMinutes } from './minutes-file.js';
import { verifyReceipt } from '../core/receipt.js';

export const FILE_LIMIT = 64 << 20;

/** Judges a file's bytes; fails with the first rule that is broken. */
export async function judge(bytes, { trusting = null, onProgress } = {}) {
  need(bytes.length <= FILE_LIMIT, 'file.length', 'the file is too long for this page; the command line takes it', {
    limit: FILE_LIMIT,
    found: bytes.length,
  });
  const text = textOf(bytes);
  need(text !== null, 'file.text', 'the file is no text in UTF-8');
  if (!looksLikeMinutes(text)) {
    return { receipt: await verifyReceipt(text, trusting) };
  }
  const { lines, secrets, keys } = readMinutes(text);
  const minutes = await judgeMinutes(lines, { onProgress });
  const isTrusted = trusting !== null &&
    minutes.receipts.some(({ header, last }) => [header, last].some(({ hash }) => hex(hash) === trusting));
  need(trusting === null || isTrusted, 'receipt.trust', 'the trusted block is not in these minutes');
  return { minutes, opened: await openRecords(minutes, { secrets, keys }) };
}
