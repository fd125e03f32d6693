// The end of a meeting: how deep it lies, and who may sign its minutes.

import { hex } from '../core/bytes.js';
import { Kind } from '../core/entry.js';
import { depthOf, SETTLED } from './item.js';
import { Step } from './job.js';

/** The height of the last block that a meeting's record has, or null where that is not proved. */
export async function endHeight({ document, terms, reading, headers }, known) {
  const { close } = document;
  if (close) {
    if (known?.id === close && headers.isLinked(known.header)) return known;
    const item = reading.items.get(close) ?? (await reading.prove(close));
    const isProved = item?.header && item.kind === Kind.close && item.author === hex(terms.host);
    return isProved ? { id: close, header: item.header, height: item.height } : null;
  }
  return terms.lifetime > 0 ? { height: document.openedAt + terms.lifetime } : null;
}

/** Whether this browser has signed the minutes, be it only in its queue. */
export function hasApproved({ members, me, reading, jobs }) {
  if (members.get(me)?.hasApproved) return true;
  if (jobs.some((job) => isApproval(job) && ![Step.refused, Step.expired].includes(job.step))) {
    return true;
  }
  return reading.ordered().some(({ kind, author }) => kind === Kind.approve && author === me);
}

/** Whether a job of the queue signs the minutes. */
export const isApproval = ({ kind }) => kind === Kind.approve;

/** Whether the minutes can be signed: the end is settled, and nodes still take signatures. */
export function isSettled({ end, headers, network }) {
  if (!end) return false;
  const { height } = headers.tip;
  return (
    depthOf(end, height) >= SETTLED && height - end.height <= network.parameters.undoWindow
  );
}
