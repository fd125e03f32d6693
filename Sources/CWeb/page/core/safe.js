// Names that others chose, made safe to show among names that a person knows.

/** Letters of a shown name at most. */
const LENGTH = 40;
/** Combining marks on one letter at most: more would paint over other lines. */
const MARKS = 2;
const NAMELESS = 'nameless';

/**
 * A name as it may be shown: no control or direction signs, no invisible letters, no spaces that
 * look like others, no floods of marks, and never empty. Text that is not UTF-8 comes as null.
 */
export function safeName(name) {
  if (name === null || name === undefined) return NAMELESS;
  const plain = name
    .normalize('NFC')
    // Tabs, line ends and all kinds of spaces look like one space.
    .replace(/[\p{Z}\t\n\v\f\r\u0085\u2800\u3164\uffa0\u115f\u1160]+/gu, ' ')
    // Controls, directions, joiners, private and unassigned letters, selectors of variants.
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f]/gu, '')
    .replace(new RegExp(`(\\p{M}{${MARKS}})\\p{M}+`, 'gu'), '$1')
    .replace(/^[\p{M}\s]+/u, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  const letters = [...plain];
  if (letters.length === 0) return NAMELESS;
  return letters.length <= LENGTH ? plain : `${letters.slice(0, LENGTH - 1).join('')}…`;
}

/**
 * A text as it may be shown: line ends stay, directions end with each line.
 *
 * Signs that turn the direction of what follows are taken out; `dir=auto` is enough for people.
 */
export const safeText = (text) =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029\ufff9-\ufffb]/g, '')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, '')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1');

/** What two names have in common that look alike: for a warning, never for a decision. */
export const likeness = (name) =>
  safeName(name)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\u0400-\u04ff\u0370-\u03ff]/g, (letter) => LOOKALIKES[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/[il1|]/g, 'l')
    .replace(/[o0]/g, 'o');

// Cyrillic and Greek letters that are drawn like small Latin ones, each before its likeness.
const LOOKALIKES = Object.fromEntries(
  [
    ['\u0430\u0435\u043e\u0440\u0441\u0443\u0445', 'aeopcyx'],
    ['\u0456\u0458\u0455\u04bb\u0501\u051b\u051d', 'ijshdqw'],
    ['\u0432\u043d\u043a\u043c\u0442', 'bhkmt'],
    ['\u03b1\u03b5\u03bf\u03c1\u03c5\u03bd\u03c4\u03ba\u03b9\u03b7\u03c7', 'aeopuvtkinx'],
  ].flatMap(([alike, latin]) => Array.from(alike, (letter, index) => [letter, latin[index]])),
);
