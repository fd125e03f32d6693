// A dropped file, judged by what it is: a receipt, or minutes.

import { need, textOf } from '../core/bytes.js';
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
  if (trusting !== null) {
    let isTrusted = false;
    for (const { receipt } of lines) {
      if (!receipt || isTrusted) continue;
      isTrusted = await verifyReceipt(receipt, trusting).then(() => true, () => false);
    }
    need(isTrusted, 'receipt.trust', 'the block that you trust is in no receipt of these minutes');
  }
  return { minutes, opened: await openRecords(minutes, { secrets, keys }) };
}
