// Names as they are shown: safe, and two that look alike told apart.

import { likeness, safeName } from '../core/safe.js';
import { shortOf } from './format.js';
import { words } from './words.js';

/** A name as it may be shown; empty where there is none. */
export const cleanName = (name) => (name ? safeName(name) : '');

/** The names to show for people, by key. */
export function namesOf(people) {
  const names = new Map();
  const looks = new Map();
  const lookOf = (name) => likeness(name) || name;
  for (const { key, name } of people.values()) {
    const clean = cleanName(name);
    names.set(key, clean);
    if (clean) looks.set(lookOf(clean), (looks.get(lookOf(clean)) ?? 0) + 1);
  }
  for (const [key, name] of names) {
    if (!name) names.set(key, words.nameless(shortOf(key)));
    else if (looks.get(lookOf(name)) > 1) names.set(key, `${name} (${shortOf(key)})`);
  }
  return names;
}

/** One or two letters that stand for a name. */
export function initialsOf(name) {
  const parts = name.replace(/\(.*/u, '').replace(/[^\p{L}\p{N}\s]/gu, '').trim().split(/\s+/u);
  const letter = (part) => (part ? Array.from(part)[0].toLocaleUpperCase() : '');
  return letter(parts[0]) + (parts.length > 1 ? letter(parts.at(-1)) : '');
}

/** One of eight hues for a key. */
export const hueOf = (key) => parseInt(key.slice(0, 4) || '0', 16) % 8;
