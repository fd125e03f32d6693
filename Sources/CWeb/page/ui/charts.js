// Small drawn charts, each with its numbers in words and as a table.

import { element } from '../export/dom.js';

const WIDTH = 600;
const HEIGHT = 140;

const shape = (tag, attributes, ...children) => element(tag, { ...attributes, svg: true }, ...children);

/** A number of three digits or so, with a prefix where it is large. */
export function brief(value) {
  if (!Number.isFinite(value)) return '–';
  const units = [[1e12, ' T'], [1e9, ' G'], [1e6, ' M'], [1e3, ' k']];
  const [unit, letter] = units.find(([size]) => Math.abs(value) >= size) ?? [1, ''];
  const scaled = value / unit;
  const digits = Math.abs(scaled) >= 100 || Number.isInteger(scaled) ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
  return `${scaled.toFixed(digits)}${letter}`;
}

function bars(points, most) {
  const step = WIDTH / points.length;
  return points.map(({ label, value }, index) => {
    const height = Math.max(value > 0 ? 1.5 : 0, (HEIGHT * value) / most);
    return shape(
      'rect',
      {
        x: (index * step + step * 0.1).toFixed(2),
        y: (HEIGHT - height).toFixed(2),
        width: Math.max(0.5, step * 0.8).toFixed(2),
        height: height.toFixed(2),
        class: 'bar',
      },
      shape('title', {}, `${label}: ${brief(value)}`),
    );
  });
}

function area(points, most) {
  const at = ({ value }, index) => {
    const x = points.length === 1 ? WIDTH / 2 : (WIDTH * index) / (points.length - 1);
    return `${x.toFixed(1)},${(HEIGHT - (HEIGHT * value) / most).toFixed(1)}`;
  };
  const line = points.map(at).join(' ');
  return [
    shape('polygon', { points: `0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`, class: 'area' }),
    shape('polyline', { points: line, class: 'line' }),
  ];
}

function table(title, unit, points, labelHead) {
  const details = element('details', {}, element('summary', {}, 'As a table'));
  const fill = () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(
      element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title },
        element('table', {},
          element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, labelHead), element('th', { scope: 'col', class: 'number' }, unit))),
          element('tbody', {}, points.map(({ label, value }) =>
            element('tr', {}, element('th', { scope: 'row' }, label), element('td', { class: 'number' }, brief(value))))),
        ),
      ),
    );
  };
  details.addEventListener('toggle', fill);
  return details;
}

/**
 * A chart of a row of values.
 *
 * - points: `{ label, value }` from the earliest on.
 * - mark: a value to compare with, drawn as a line, `{ label, value }`.
 */
export function chart({ title, unit, points, summary, form = 'bars', mark = null, labelHead = 'Block' }) {
  if (points.length === 0) {
    return element('figure', { class: 'chart' }, element('figcaption', {}, element('strong', {}, title), ' ', element('span', {}, 'Nothing to draw yet.')));
  }
  const most = Math.max(...points.map(({ value }) => value), mark?.value ?? 0, 1e-9) * 1.05;
  const level = mark && HEIGHT - (HEIGHT * mark.value) / most;
  return element(
    'figure',
    { class: 'chart' },
    element('figcaption', {}, element('strong', {}, title), ' ', element('span', {}, summary)),
    element('div', { class: 'scale', 'aria-hidden': 'true' }, `${brief(most / 1.05)} ${unit}`, mark ? element('span', { class: 'goal' }, `– – ${mark.label}`) : null),
    shape(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${title}. ${summary}` },
      form === 'bars' ? bars(points, most) : area(points, most),
      mark ? shape('line', { x1: 0, x2: WIDTH, y1: level.toFixed(1), y2: level.toFixed(1), class: 'goal' }) : null,
    ),
    element('div', { class: 'scale', 'aria-hidden': 'true' }, element('span', {}, points[0].label), element('span', {}, points.at(-1).label)),
    table(title, unit, points, labelHead),
  );
}
