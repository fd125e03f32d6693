// Own rules about what everyone can use: names, roles, contrast, order of focus, width. The answer
// is a list of sentences, empty where nothing is wrong.
const LEAST = 4.5;
const found = [];
const short = (element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 110);
const shown = (element) => element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true });
const modal = document.querySelector('dialog[open]');
const scope = modal ?? document.body;
const within = (selector) => [...scope.querySelectorAll(selector)].filter(shown);

// Contrast: what is written against the nearest ground that is painted.
const parse = (text) => {
  const parts = text.match(/[\d.]+/g).map(Number);
  const unit = text.startsWith('color(') ? 255 : 1;
  const [red, green, blue, alpha = 1] = parts;
  return [red * unit, green * unit, blue * unit, alpha];
};
const over = ([r, g, b, a], ground) =>
  [r, g, b].map((part, index) => part * a + ground[index] * (1 - a));
const luminance = (color) => {
  const [r, g, b] = color.map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const groundOf = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const color = parse(getComputedStyle(at).backgroundColor);
    if (color[3] > 0) layers.push(color);
    if (color[3] === 1) break;
    if (at === modal) break;
  }
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const start = isDark ? [18, 18, 18] : [255, 255, 255];
  return layers.reverse().reduce((ground, layer) => over(layer, ground), start);
};
let looked = 0;
for (const element of within('*')) {
  const hasText = [...element.childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim());
  if (!hasText || element.closest('.unseen, :disabled, svg')) continue;
  looked += 1;
  const ground = groundOf(element);
  const ink = over(parse(getComputedStyle(element).color), ground);
  const [light, dark] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
  const contrast = (light + 0.05) / (dark + 0.05);
  if (contrast < LEAST) found.push(`contrast ${contrast.toFixed(2)}: ${short(element)}`);
}
if (looked === 0) found.push('no text is shown');

// Names: everything that can be pressed, typed into or looked at has one.
const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  const named = by && by.split(' ').map((id) => document.getElementById(id)?.textContent).join(' ');
  const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(' ');
  return (named || element.getAttribute('aria-label') || labels || element.textContent ||
    element.title || '').trim();
};
const ACTIVE = 'a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex="0"]';
for (const element of within(`${ACTIVE}, [role=img], progress, dialog, [role=feed]`)) {
  if (!nameOf(element)) found.push(`no name: ${short(element)}`);
}
if (modal && !nameOf(modal)) found.push('the dialog has no name');

// Roles and structure.
if (within('h1').length !== 1 && !modal) found.push(`${within('h1').length} first headings`);
if (!modal && within('main').length !== 1) found.push(`${within('main').length} main parts`);
const levels = within('h1, h2, h3, h4').map((head) => Number(head.tagName[1]));
levels.forEach((level, index) => {
  const before = index === 0 ? (modal ? 2 : 1) : levels[index - 1];
  if (level > before + 1) found.push(`a heading of level ${level} after one of level ${before}`);
});
const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
if (twice.length > 0) found.push(`the same id twice: ${twice.join()}`);
for (const element of document.querySelectorAll('[aria-describedby], [aria-labelledby], label[for]')) {
  const targets = ['aria-describedby', 'aria-labelledby', 'for']
    .map((name) => element.getAttribute(name)).filter(Boolean).join(' ').split(' ');
  for (const id of targets) {
    if (!document.getElementById(id)) found.push(`“${id}” is nowhere: ${short(element)}`);
  }
}
for (const element of within('li')) {
  if (!element.closest('ul, ol, menu, [role=list]')) found.push(`lost from its list: ${short(element)}`);
}
for (const element of within('[tabindex]')) {
  if (element.tabIndex > 0) found.push(`takes the focus out of turn: ${short(element)}`);
}
for (const table of within('table')) {
  if (!table.querySelector('th')) found.push(`a table without heads: ${short(table)}`);
}
if (!document.documentElement.lang) found.push('the language is not said');
if (document.title.trim() === '') found.push('the page has no title');

// Size: fingers need some room, and nothing scrolls sideways.
if (screen.width < 500) {
  for (const element of within('button, input[type=radio], input[type=checkbox], select')) {
    if (element.closest('.message, .notice, .reactions, p, td, li')) continue;
    const { width, height } = element.getBoundingClientRect();
    const label = element.labels?.[0]?.getBoundingClientRect();
    if (Math.max(width, label?.width ?? 0) < 24 || Math.max(height, label?.height ?? 0) < 24) {
      found.push(`too small to press (${Math.round(width)} × ${Math.round(height)}): ${short(element)}`);
    }
  }
}
const { scrollWidth } = document.documentElement;
// A phone makes its window as wide as what does not fit.
const width = Math.min(innerWidth, screen.width);
if (scrollWidth > width) found.push(`${scrollWidth} pixels wide in a window of ${width}`);
return found;
