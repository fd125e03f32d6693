// The meetings that this browser knows, and what was read and begun in them.

import { hex } from '../core/bytes.js';
import { decodeLink } from '../core/link.js';

const PREFIX = 'known/';

/** Remembers a meeting for the list at the start. */
export async function remember(database, meeting) {
  try {
    const before = await database.get('settings', PREFIX + meeting.name);
    await database.put('settings', PREFIX + meeting.name, { ...before, ...meeting, seen: Date.now() });
  } catch {
    // A list that cannot be kept keeps nobody from a meeting.
  }
}

/** All meetings known, the last opened first. */
export async function known(database) {
  const kept = await database.list('settings', PREFIX);
  return kept.map(([, meeting]) => meeting).sort((a, b) => b.seen - a.seen);
}

/**
 * Deletes all that this browser keeps of a meeting: secrets, keys, name, draft, and what waits.
 *
 * Nobody can bring the keys back, so whoever was host is so no longer.
 */
export async function forget(database, name) {
  const meeting = hex(decodeLink(`phi:${name}`).meeting);
  const steps = [
    { store: 'settings', key: PREFIX + name },
    { store: 'keys', key: meeting },
  ];
  for (const store of ['meetings', 'queue']) {
    for (const [key] of await database.list(store, `${meeting}/`)) steps.push({ store, key });
  }
  await database.change(steps);
  for (const what of ['read', 'draft']) keep(`${what}/${name}`, '');
}

/** How many entries of a meeting wait here that no block has yet. */
export async function waitingIn(database, name) {
  const meeting = hex(decodeLink(`phi:${name}`).meeting);
  return (await database.list('queue', `${meeting}/`)).length;
}

// Drafts and marks are kept at once, before a reload can lose them; that only local storage does.
const memory = new Map();

/** Keeps a short text under a name; an empty one is forgotten. */
export function keep(name, text) {
  memory.set(name, text);
  try {
    if (text) localStorage.setItem(`phi/${name}`, text);
    else localStorage.removeItem(`phi/${name}`);
  } catch {
    // Memory has it as long as the page is open.
  }
}

/** A short text that was kept, or an empty one. */
export function kept(name) {
  try {
    return localStorage.getItem(`phi/${name}`) ?? memory.get(name) ?? '';
  } catch {
    return memory.get(name) ?? '';
  }
}
