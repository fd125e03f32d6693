// Names as they can be shown: what others typed, without tricks.

import { shortOf } from './format.js';
import { words } from './words.js';

// Controls, marks of direction, zero-width letters, tags and variation selectors.
const TRICKS =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f]/gu;
const LETTERS = 40;

/** A name without invisible letters, on one line, of a bounded length; empty where none is left. */
export function cleanName(name) {
  const plain = (name ?? '')
    .normalize('NFC')
    .replace(/[\p{Zl}\p{Zp}\t\n\r]+/gu, ' ')
    .replace(TRICKS, '')
    // More than two marks on one letter are there to cover other lines.
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replace(/\p{Z}+/gu, ' ')
    .trim();
  const letters = Array.from(plain);
  return letters.length <= LETTERS ? plain : `${letters.slice(0, LETTERS - 1).join('')}…`;
}

/** What decides whether two names look the same. */
const lookOf = (name) => name.normalize('NFKC').toLocaleLowerCase();

/** The names to show for people, by key: two who chose the same one are told apart. */
export function namesOf(people) {
  const names = new Map();
  const looks = new Map();
  for (const person of people.values()) {
    const name = cleanName(person.name);
    names.set(person.key, name);
    if (name) looks.set(lookOf(name), (looks.get(lookOf(name)) ?? 0) + 1);
  }
  for (const [key, name] of names) {
    if (!name) names.set(key, words.nameless(shortOf(key)));
    else if (looks.get(lookOf(name)) > 1) names.set(key, `${name} (${shortOf(key)})`);
  }
  return names;
}

/** One or two letters that stand for a name. */
export function initialsOf(name) {
  const parts = name.replace(/[^\p{L}\p{N}\s]/gu, '').trim().split(/\s+/u).filter(Boolean);
  const letter = (part) => (part ? Array.from(part)[0].toLocaleUpperCase() : '');
  return letter(parts[0]) + (parts.length > 1 ? letter(parts.at(-1)) : '');
}

/** One of eight hues for a key. */
export const hueOf = (key) => parseInt(key.slice(0, 4) || '0', 16) % 8;
