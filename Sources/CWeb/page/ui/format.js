// Times and lengths of time, as this browser's language writes them.

const language = navigator.language;
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
const longDay = new Intl.DateTimeFormat(language, {
  weekday: 'long', day: 'numeric', month: 'long', year: 'numeric',
});
const nearDay = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });
const whole = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
const number = new Intl.NumberFormat(language);

// No date beyond this can be written down; authors may claim any.
const LAST_TIME = 8_640_000_000_000_000;
const date = (time) => new Date(Math.min(LAST_TIME, Math.max(0, Number(time) || 0)));

export const clockOf = (time) => clock.format(date(time));
export const momentOf = (time) => whole.format(date(time));
export const isoOf = (time) => date(time).toISOString();
export const count = (value) => number.format(value);

/** The day of a time, as `2026-11-22` where the reader is. */
export function dayKey(time) {
  const at = date(time);
  const two = (value) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** A day in words, today and yesterday by their names. */
export function dayOf(time, now = Date.now()) {
  const key = dayKey(time);
  const capital = (text) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
  if (key === dayKey(now)) return capital(relative.format(0, 'day'));
  if (key === dayKey(now - 86_400_000)) return capital(relative.format(-1, 'day'));
  const isNear = date(time).getFullYear() === date(now).getFullYear();
  return (isNear ? nearDay : longDay).format(date(time));
}

const UNITS = [['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400],
  ['hour', 3_600], ['minute', 60], ['second', 1]];

/** How long a time is, by its largest unit. */
export function lengthOf(milliseconds) {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  const [unit, size] = UNITS.find(([, length]) => seconds >= length);
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.round(seconds / size),
  );
}

/** A key or an id, short enough to be compared by eye. */
export const shortOf = (text) => `${text.slice(0, 4)}…${text.slice(-4)}`;
