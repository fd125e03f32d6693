// Names as they are shown: safe, and two that look alike told apart.

import { likeness, safeName } from '../core/safe.js';
import { shortOf } from './format.js';
import { words } from './words.js';

/** Names whose shown forms are remembered at most. */
const REMEMBERED = 20_000;
const forms = new Map();

/** The shown form of a name and what it looks like; names come again with every change. */
function formOf(name) {
  let form = forms.get(name);
  if (!form) {
    const clean = safeName(name);
    form = { clean, look: likeness(clean) || clean };
    if (forms.size >= REMEMBERED) forms.clear();
    forms.set(name, form);
  }
  return form;
}

/** A name as it may be shown; empty where there is none. */
export const cleanName = (name) => (name ? formOf(name).clean : '');

/** The names to show for people, by key. */
export function namesOf(people) {
  const names = new Map();
  const looks = new Map();
  for (const { key, name } of people.values()) {
    names.set(key, cleanName(name));
    if (!name) continue;
    const { look } = formOf(name);
    looks.set(look, (looks.get(look) ?? 0) + 1);
  }
  for (const [key, name] of names) {
    if (!name) names.set(key, words.nameless(shortOf(key)));
    else if (looks.get(formOf(people.get(key).name).look) > 1) names.set(key, `${name} (${shortOf(key)})`);
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
