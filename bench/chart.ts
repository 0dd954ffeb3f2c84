/** One line of a chart: a value for each x, from 1. */
export interface Series {
  name: string;
  values: readonly number[];
  color: string;
}

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = { top: 40, right: 110, bottom: 40, left: 64 };

/** A chart of lines as SVG. */
export function lineChart(title: string, series: readonly Series[]): string {
  const most = Math.max(...series.flatMap(({ values }) => values), 1);
  const length = Math.max(...series.map(({ values }) => values.length), 2);
  const x = (at: number) => MARGIN.left + (at / (length - 1)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number) => HEIGHT - MARGIN.bottom - (value / most) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => part * most);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="22" font-size="14" font-weight="bold">${title}</text>`,
    ...ticks.flatMap((tick) => [
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#ddd"/>`,
      `<text x="${MARGIN.left - 8}" y="${y(tick) + 4}" text-anchor="end" fill="#555">${Math.round(tick)}</text>`,
    ]),
    ...[1, Math.round(length / 2), length].map(
      (at) => `<text x="${x(at - 1)}" y="${HEIGHT - 18}" text-anchor="middle" fill="#555">round ${at}</text>`,
    ),
    ...series.flatMap(({ name, values, color }) => [
      `<polyline fill="none" stroke="${color}" stroke-width="2" points="${values.map((value, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}"/>`,
      `<text x="${x(values.length - 1) + 6}" y="${y(values.at(-1) ?? 0) + 4}" fill="${color}">${name}</text>`,
    ]),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}
