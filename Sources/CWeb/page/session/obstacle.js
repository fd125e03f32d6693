// Why nothing can be written in a meeting, as sentences.

import { PhiError } from '../core/bytes.js';

export const SENTENCES = Object.freeze({
  closed: 'the meeting has ended; nothing can be added to its record',
  secret: 'the link has no secret that fits what the host sends now',
  revoked: 'the host has shut this key out',
  named: 'the host has not let this key in',
  link: 'only whoever has the whole link can write here',
});

const REMEDIES = {
  closed: 'Open another meeting.',
  secret: 'Ask the host for the present link.',
  revoked: 'Ask the host for a new link.',
  named: 'Give the host the key that this page shows.',
  link: 'Ask the host for the link with its ending after the “#”.',
};

export const obstacleError = (obstacle) =>
  new PhiError(`join.${obstacle}`, SENTENCES[obstacle], { remedy: REMEDIES[obstacle] });

/** Why a meeting cannot be opened that a node does not know. */
export const unknownMeeting = (isSyncing, cause) =>
  isSyncing
    ? new PhiError('node.syncing', 'this node is still catching up and does not know the meeting', {
        cause,
        remedy: 'Wait until it has caught up, or open the link through another node.',
      })
    : new PhiError('meeting.unknown', 'this node does not know the meeting', {
        cause,
        remedy: 'If it was just opened, wait for the next block; else ask for the link again.',
      });
