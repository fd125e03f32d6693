// What this browser may do in a meeting.

import { Writing } from '../core/terms.js';

/** Whether the host, or the time that the meeting had, has ended it. */
export function isClosed({ document, terms, hostLog, tip }) {
  if (hostLog?.close || document?.state === 'closed') return true;
  const { lifetime } = terms;
  const openedAt = document?.openedAt;
  return lifetime > 0 && openedAt !== undefined && tip.height > openedAt + lifetime;
}

export const isRevoked = ({ me, members, hostLog }) =>
  hostLog.revoked.has(me) || members.get(me)?.state === 'revoked';

export function isMember(parts) {
  const { me, host, members, terms, hostLog } = parts;
  if (!me) return false;
  if (me === host) return true;
  if (isRevoked(parts)) return false;
  if (members.get(me)?.state === 'member') return true;
  return terms.writing === Writing.named ? hostLog.admitted.has(me) : true;
}

/** Why nothing can be written here: closed, secret, revoked, named or link; null where it can. */
export function obstacleOf(parts) {
  const { me, host, terms, hasSecret, hasSent, link } = parts;
  if (isClosed(parts)) return 'closed';
  if (!hasSecret) return 'secret';
  if (isRevoked(parts)) return 'revoked';
  if (terms.writing === Writing.named && !isMember(parts)) return 'named';
  if (terms.writing === Writing.link && me !== host && !hasSent && !link) return 'link';
  return null;
}
