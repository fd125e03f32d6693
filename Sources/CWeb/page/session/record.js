// The whole record of a meeting, line by line, for minutes.

import { fromBase64, hex } from '../core/bytes.js';
import { Kind } from '../core/entry.js';
import { MinutesVerifier } from '../core/minutes.js';
import { readDocument } from './judge.js';
import { cursorOf, listOf, wordOf } from './shape.js';

const PAGE = 100;

/**
 * Reads a meeting from its `open` on and gives each line of its minutes to `take`, which may be
 * asynchronous: `{ record }`, then `{ approval }`, then `{ receipt }`.
 *
 * Every line is judged as minutes are; the promise gives the verdict of the verifier, or null while
 * the meeting goes on, with the digest so far. `onProgress` hears how many records were read.
 */
export async function readRecord({ rpc, network, meeting, open, take, onProgress, withReceipts }) {
  const verifier = new MinutesVerifier();
  const give = async (line) => {
    await verifier.take(line);
    await take?.(line);
  };
  const approvals = [];
  let cursor = null;
  await give({ record: { envelope: open.entry.bytes, payload: open.payload } });
  do {
    const page = await rpc.call('meeting.history', {
      meeting: hex(meeting),
      limit: PAGE,
      ...(cursor ? { cursor } : {}),
    });
    for (const document of listOf(page, 'entries')) {
      const { entry, payload } = readDocument(document, network, meeting);
      const line = { envelope: entry.bytes, payload };
      if (entry.kind === Kind.open) continue;
      if (entry.kind === Kind.approve) approvals.push({ line, id: hex(entry.id) });
      else await give({ record: line });
    }
    onProgress?.(verifier.digest.count);
    cursor = cursorOf(page);
  } while (cursor);
  if (!verifier.hasEnd) return { digest: verifier.digest, verdict: null };
  for (const { line } of approvals) await give({ approval: line });
  if (withReceipts) {
    const answers = await rpc.callAll(
      approvals.map(({ id }) => ({
        method: 'entry.receipt',
        params: { entry: id, confirmations: 12 },
      })),
    );
    for (const { result, error } of answers) {
      if (!error) await give({ receipt: wordOf(result, 'receipt', 65_536) });
    }
  }
  return { digest: verifier.digest, verdict: verifier.finish() };
}

/** The bytes of an `open` as the node gives them. */
export const openBytes = (document) => fromBase64(wordOf(document, 'open', 44_072));
