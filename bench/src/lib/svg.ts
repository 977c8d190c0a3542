/** Two kinds of plots, as plain SVG: bars, and lines on logarithmic axes. */

export interface Bar {
  readonly name: string;
  /** `Infinity` fills the width and is labelled as such. */
  readonly value: number;
  readonly label: string;
  readonly isOurs: boolean;
}

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly isOurs: boolean;
}

const WIDTH = 720;
const NAME_WIDTH = 230;
const LABEL_WIDTH = 130;
const ROW = 30;
const TOP = 52;
const OURS = '#0a59f7';
const OTHERS = ['#5f6b7a', '#b5651d', '#2e7d4f', '#8e4585'];
const INK = '#1f2430';
const FAINT = '#d6dae1';

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', size: number, content: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="${INK}">${escape(content)}</text>`;
}

function picture(height: number, title: string, subtitle: string, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(16, 24, 'start', 15, title),
    text(16, 42, 'start', 11, subtitle),
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

/** Horizontal bars from zero, in the given order. */
export function barChart(title: string, subtitle: string, bars: readonly Bar[]): string {
  const finite = bars.map(({ value }) => value).filter(Number.isFinite);
  const highest = Math.max(...finite, Number.MIN_VALUE);
  const room = WIDTH - NAME_WIDTH - LABEL_WIDTH;
  const body = bars.flatMap(({ name, value, label, isOurs }, i) => {
    const y = TOP + i * ROW;
    const width = Number.isFinite(value) ? (value / highest) * room : Number.isNaN(value) ? 0 : room;
    const fill = isOurs ? OURS : (OTHERS[0] as string);
    const opacity = Number.isFinite(value) ? 1 : 0.3;
    return [
      text(NAME_WIDTH - 10, y + 19, 'end', 12, name),
      `<rect x="${NAME_WIDTH}" y="${y + 5}" width="${width.toFixed(1)}" height="${ROW - 10}" fill="${fill}" opacity="${opacity}"/>`,
      text(NAME_WIDTH + width + 8, y + 19, 'start', 12, label),
    ];
  });
  return picture(TOP + bars.length * ROW + 12, title, subtitle, body);
}

const PLOT = { left: 72, right: WIDTH - 190, top: TOP + 8, bottom: 340, height: 380 };

/** The powers of ten that enclose `values`. */
function decades(values: readonly number[]): number[] {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
}

/** Both axes logarithmic; every value above zero. */
export function lineChart(
  title: string,
  subtitle: string,
  xLabel: string,
  yLabel: string,
  lines: readonly Line[],
): string {
  const points = lines.flatMap((line) => line.points);
  const xs = decades(points.map(([x]) => x));
  const ys = decades(points.map(([, y]) => y));
  const place = (value: number, ticks: readonly number[], from: number, to: number): number => {
    const [low, high] = [Math.log10(ticks[0] as number), Math.log10(ticks.at(-1) as number)];
    return from + ((Math.log10(value) - low) / (high - low)) * (to - from);
  };
  const atX = (value: number): number => place(value, xs, PLOT.left, PLOT.right);
  const atY = (value: number): number => place(value, ys, PLOT.bottom, PLOT.top);
  const stroke = (x1: number, y1: number, x2: number, y2: number): string =>
    `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${FAINT}"/>`;
  const grid = [
    ...xs.flatMap((x) => [
      stroke(atX(x), PLOT.top, atX(x), PLOT.bottom),
      text(atX(x), PLOT.bottom + 16, 'middle', 11, x.toLocaleString('en')),
    ]),
    ...ys.flatMap((y) => [
      stroke(PLOT.left, atY(y), PLOT.right, atY(y)),
      text(PLOT.left - 8, atY(y) + 4, 'end', 11, y.toLocaleString('en')),
    ]),
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 34, 'middle', 12, xLabel),
    text(PLOT.left - 8, PLOT.top - 6, 'end', 11, yLabel),
  ];
  const ends = spread(lines.map((line) => atY((line.points.at(-1) ?? [1, 1])[1])));
  const drawn = lines.flatMap(({ name, points: own, isOurs }, i) => {
    const colour = isOurs ? OURS : (OTHERS[i % OTHERS.length] as string);
    const path = own.map(([x, y]) => `${atX(x).toFixed(1)},${atY(y).toFixed(1)}`).join(' ');
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${isOurs ? 3 : 2}"/>`,
      `<text x="${PLOT.right + 10}" y="${((ends[i] as number) + 4).toFixed(1)}" font-size="12" fill="${colour}">${escape(name)}</text>`,
    ];
  });
  return picture(PLOT.height, title, subtitle, [...grid, ...drawn]);
}

/** Moves labels apart that would lie on each other. */
function spread(heights: readonly number[]): number[] {
  const order = heights.map((y, i) => ({ y, i })).sort((a, b) => a.y - b.y);
  let last = -Infinity;
  const result = [...heights];
  for (const { y, i } of order) {
    last = Math.max(y, last + 16);
    result[i] = last;
  }
  return result;
}
