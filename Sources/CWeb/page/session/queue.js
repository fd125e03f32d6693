// The queue of what this browser writes, bound to what is read of the same meeting.

import { payloadOf } from './entering.js';
import { Step } from './job.js';
import { Writing } from './writing.js';

/**
 * Makes the queue of a room's author.
 *
 * - changed: hears the id or key of a job. - progress: hears how far a stamp is.
 * - failed: hears of errors.
 */
export function queueOf({ rpc, database, stamper, room, changed, progress, failed }) {
  const { network, headers, me, id: meeting, epochs, isPrivate, reading } = room;
  const writing = new Writing({
    rpc,
    network,
    headers,
    database,
    stamper,
    meeting,
    author: me,
    payloadOf: (job, sequence) => payloadOf(job, sequence, { meeting, me, epochs, isPrivate }),
  });
  writing.addEventListener('change', ({ detail: { job } }) => {
    // What can no longer be recorded is shown as the job that it was, which can be written anew.
    if (job.step === Step.expired) reading.drop(job.id);
    changed(job.id ?? job.key);
  });
  writing.addEventListener('progress', ({ detail: { job, done, expected } }) =>
    progress({ id: job.id, key: job.key, done, expected }),
  );
  writing.addEventListener('problem', ({ detail }) => failed(detail));
  // Another tab may have signed and sent what was written here: its number is learnt before it is
  // shown, or one message would stand there twice.
  reading.heard = (authors) => authors.has(room.myKey) ? writing.refresh().catch(failed) : null;
  return writing;
}
