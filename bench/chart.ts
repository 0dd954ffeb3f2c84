/** One bar of a chart. */
export interface Bar {
  label: string;
  value: number;
  /** Of its own, where bars of one chart belong to different things. */
  color?: string;
}

/** One line of a chart: points by their real x. */
export interface Line {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
  color: string;
}

/** One line of a chart: a value for each x, from 1. */
export interface Series {
  name: string;
  values: readonly number[];
  color: string;
}

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = { top: 40, right: 130, bottom: 52, left: 72 };
const PLOT = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
const BAR_HEIGHT = 24;
const BAR_GAP = 10;
/** Room for a bar's label and for its value. */
const BAR_LABEL = 210;
const BAR_VALUE = 90;
const COLOR = '#0a7d55';
const GRID = '#ddd';
const QUIET = '#555';
/** Lines of one chart whose labels would lie on each other are moved apart by this. */
const LABEL_HEIGHT = 14;

/** A chart of horizontal bars as SVG, each with its value. */
export function barChart(title: string, bars: readonly Bar[], { unit = '' }: { unit?: string } = {}): string {
  const most = Math.max(...bars.map(({ value }) => value), 0) || 1;
  const height = MARGIN.top + bars.length * (BAR_HEIGHT + BAR_GAP) + BAR_GAP;
  const drawn = bars.flatMap(({ label, value, color = COLOR }, at) => {
    const top = MARGIN.top + at * (BAR_HEIGHT + BAR_GAP);
    const middle = top + BAR_HEIGHT / 2 + 4;
    const width = (Math.max(value, 0) / most) * (WIDTH - BAR_LABEL - BAR_VALUE);
    return [
      text(BAR_LABEL - 8, middle, label, 'text-anchor="end"'),
      `<rect x="${BAR_LABEL}" y="${top}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" fill="${color}"/>`,
      text(BAR_LABEL + width + 6, middle, `${shortNumber(value)}${unit && ` ${unit}`}`, `fill="${QUIET}"`),
    ];
  });
  return svg(height, title, drawn);
}

/** A chart of lines over real x values as SVG. Both axes begin at 0. */
export function xyChart(title: string, lines: readonly Line[], axes: { xLabel: string; yLabel: string }): string {
  const points = lines.flatMap((line) => line.points);
  const xTicks = ticks(Math.max(...points.map(([x]) => x), 0));
  const yTicks = ticks(Math.max(...points.map(([, y]) => y), 0));
  const x = (value: number) => MARGIN.left + (value / (xTicks.at(-1) ?? 1)) * PLOT.width;
  const y = (value: number) => MARGIN.top + PLOT.height - (value / (yTicks.at(-1) ?? 1)) * PLOT.height;
  const bottom = MARGIN.top + PLOT.height;
  const labels = apart(lines.map((line) => y(line.points.at(-1)?.[1] ?? 0)));
  return svg(HEIGHT, title, [
    ...yTicks.flatMap((tick) => [
      `<line x1="${MARGIN.left}" x2="${MARGIN.left + PLOT.width}" y1="${y(tick)}" y2="${y(tick)}" stroke="${GRID}"/>`,
      text(MARGIN.left - 8, y(tick) + 4, shortNumber(tick), `text-anchor="end" fill="${QUIET}"`),
    ]),
    ...xTicks.map((tick) => text(x(tick), bottom + 18, shortNumber(tick), `text-anchor="middle" fill="${QUIET}"`)),
    text(MARGIN.left + PLOT.width / 2, bottom + 38, axes.xLabel, `text-anchor="middle" fill="${QUIET}"`),
    `<text transform="translate(16 ${MARGIN.top + PLOT.height / 2}) rotate(-90)" text-anchor="middle" fill="${QUIET}">${escaped(axes.yLabel)}</text>`,
    ...lines.flatMap(({ name, points: own, color }, at) => [
      `<polyline fill="none" stroke="${color}" stroke-width="2" points="${own.map((point) => `${x(point[0]).toFixed(1)},${y(point[1]).toFixed(1)}`).join(' ')}"/>`,
      ...(own.length > 30
        ? []
        : own.map(
            (point) => `<circle cx="${x(point[0]).toFixed(1)}" cy="${y(point[1]).toFixed(1)}" r="3" fill="${color}"/>`,
          )),
      text(x(own.at(-1)?.[0] ?? 0) + 8, (labels[at] ?? 0) + 4, name, `fill="${color}"`),
    ]),
  ]);
}

/** A chart of lines as SVG, whose x is the number of a round. */
export function lineChart(title: string, series: readonly Series[]): string {
  const lines = series.map(({ name, values, color }) => ({
    name,
    color,
    points: values.map((value, at) => [at + 1, value] as const),
  }));
  return xyChart(title, lines, { xLabel: 'round', yLabel: '' });
}

function svg(height: number, title: string, inner: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`;
  const ground = `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`;
  const heading = text(16, 22, title, 'font-size="14" font-weight="bold"');
  return `${[head, ground, heading, ...inner, '</svg>'].join('\n')}\n`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Round numbers from 0 to at least `most`. */
function ticks(most: number): number[] {
  const rough = (most || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil((most || 1) / step) + 1 }, (_, at) => Number((at * step).toPrecision(6)));
}

/** The same heights, moved down where they would lie on each other. */
function apart(heights: readonly number[]): number[] {
  const moved = [...heights];
  const order = heights.map((_, at) => at).sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  for (let at = 1; at < order.length; at++) {
    const above = moved[order[at - 1] ?? 0] ?? 0;
    const own = order[at] ?? 0;
    moved[own] = Math.max(moved[own] ?? 0, above + LABEL_HEIGHT);
  }
  return moved;
}

function shortNumber(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
