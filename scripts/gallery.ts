import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseCrewFile } from '../src/adapters/crew-files.js';
import { explainCrew } from '../src/crew/explain.js';
import type { CrewDefinition } from '../src/crew/types.js';

/** `npm run gallery`: draws the example crews for docs/gallery.md. */
export const GALLERY = [
  'research-summary',
  'parallel-review',
  'newsroom',
  'analyst',
  'extraction',
  'guarded-writer',
  'reviewed-announcement',
];

const BOX = { width: 190, height: 66, gapX: 60, gapY: 18, margin: 16 };

/** The tasks of a crew as boxes, those that may run at the same time below each other, with arrows for what is read. */
export function pictureOf(name: string): string {
  const file = `crews/${name}.yaml`;
  const { definition } = parseCrewFile(file, readFileSync(file));
  const { stages, tasks } = explainCrew(definition);
  const rows = Math.max(...stages.map((stage) => stage.length));
  const width = 2 * BOX.margin + stages.length * (BOX.width + BOX.gapX) - BOX.gapX;
  const height = 2 * BOX.margin + rows * (BOX.height + BOX.gapY) - BOX.gapY;
  const place = new Map(
    stages.flatMap((stage, column) => {
      const free = (rows - stage.length) * (BOX.height + BOX.gapY);
      return stage.map((id, row) => {
        const x = BOX.margin + column * (BOX.width + BOX.gapX);
        return [id, { x, y: BOX.margin + free / 2 + row * (BOX.height + BOX.gapY) }] as const;
      });
    }),
  );
  const arrows = tasks.flatMap(({ id, reads, after }) =>
    [...new Set([...reads, ...after])].map((from) => arrow(place.get(from), place.get(id), reads.includes(from))),
  );
  const boxes = [...place].map(([id, { x, y }]) => box(id, definition, x, y));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13">`,
    '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...arrows,
    ...boxes,
    '</svg>\n',
  ].join('\n');
}

function arrow(
  from: { x: number; y: number } | undefined,
  to: { x: number; y: number } | undefined,
  reads: boolean,
): string {
  if (!from || !to) return '';
  const [x1, y1] = [from.x + BOX.width, from.y + BOX.height / 2];
  const [x2, y2] = [to.x - 2, to.y + BOX.height / 2];
  const dash = reads ? '' : ' stroke-dasharray="4 4"';
  return `<path d="M${x1} ${y1} C${x1 + 30} ${y1} ${x2 - 30} ${y2} ${x2} ${y2}" fill="none" stroke="#555"${dash} marker-end="url(#a)"/>`;
}

function box(
  id: string,
  { agents, tasks, manager_agent: manager, process }: CrewDefinition,
  x: number,
  y: number,
): string {
  const task = tasks[id];
  const key = task?.agent;
  const role =
    key === undefined ? `given out by the ${agents[manager ?? '']?.role ?? 'manager'}` : (agents[key]?.role ?? key);
  const tools = (task?.tools ?? agents[key ?? '']?.tools ?? []).map((tool) =>
    typeof tool === 'string' ? tool : tool.name,
  );
  const marks = [
    ...tools.map((tool) => `tool: ${tool}`),
    ...(task?.output_schema === undefined ? [] : ['JSON by schema']),
    ...(task?.guardrail === undefined ? [] : ['guardrail']),
    ...(process === 'hierarchical' ? ['reviewed by the manager'] : []),
    ...(task?.human_input === true ? ['waits for a person'] : []),
  ];
  return [
    `<g><rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8" fill="#f4f7fb" stroke="#3566a8"/>`,
    `<text x="${x + 12}" y="${y + 22}" font-weight="bold">${escaped(id)}</text>`,
    `<text x="${x + 12}" y="${y + 40}" fill="#333">${escaped(role)}</text>`,
    `<text x="${x + 12}" y="${y + 57}" fill="#0a7d55" font-size="11">${escaped(marks.join(', '))}</text></g>`,
  ].join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

if (process.argv[1]?.endsWith('gallery.ts')) {
  mkdirSync('docs/gallery', { recursive: true });
  for (const name of GALLERY) writeFileSync(`docs/gallery/${name}.svg`, pictureOf(name));
}
