import { existsSync } from 'node:fs';

/** The first of these programs that is on this machine's PATH; undefined where none is. */
export function onPath(...programs: string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':');
  return programs.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find((file) => existsSync(file));
}
