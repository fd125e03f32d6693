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
