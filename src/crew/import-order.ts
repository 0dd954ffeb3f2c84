import type { ImportReport } from './import-report.js';
import type { ImportedTask } from './import-tasks.js';

/**
 * Tasks in an order in which each comes after what it reads, and else as they stand: CrewAI takes them in any order, and
 * then a task reads what is not there yet. What goes round in a circle is cut where it leads back.
 */
export function inOrder(tasks: readonly ImportedTask[], report: ImportReport): ImportedTask[] {
  const left = [...tasks];
  const placed: ImportedTask[] = [];
  const isPlaced = (id: string) => placed.some((task) => task.id === id);
  while (left.length > 0) {
    const at = left.findIndex((task) => reads(task).every(isPlaced));
    const [next] = left.splice(Math.max(0, at), 1);
    if (!next) break;
    if (at > 0) report.warnings.push({ path: `tasks.${next.id}`, message: 'Moved: a task before it reads its output' });
    if (at < 0) {
      const back = reads(next).filter((id) => !isPlaced(id));
      next.document['context'] = reads(next).filter(isPlaced);
      report.warnings.push({
        path: `tasks.${next.id}.context`,
        message: `Left out: ${back.join(', ')}, which waits for it`,
      });
    }
    placed.push(next);
  }
  return placed;
}

function reads({ document }: ImportedTask): string[] {
  const { context } = document;
  return Array.isArray(context) ? (context as string[]) : [];
}

/** An artifact has one task: of two with the same file, the later one keeps its output to itself. */
export function withoutSharedFiles(tasks: readonly ImportedTask[], report: ImportReport): void {
  const seen = new Set<unknown>();
  for (const { id, document } of tasks) {
    const { output_file: file } = document;
    if (file === undefined) continue;
    if (seen.has(file)) {
      Reflect.deleteProperty(document, 'output_file');
      report.warnings.push({ path: `tasks.${id}.output_file`, message: 'Left out: an earlier task has the same file' });
    }
    seen.add(file);
  }
}
