import type { Exceptions } from './packages.js';

/** What `npm audit` came to. */
export type Verdict =
  | { outcome: 'clean'; excepted: string[] }
  | { outcome: 'found'; lines: string[] }
  /** Nobody knows: the registry gave no answer. */
  | { outcome: 'not asked'; why: string };

interface Advisory {
  url?: string;
  title?: string;
  severity?: string;
}
interface Report {
  message?: string;
  error?: { summary?: string };
  vulnerabilities?: Record<string, { via?: (Advisory | string)[] }>;
}

/**
 * Reads the JSON of `npm audit`. High and critical advisories count, unless there is an exception for one that has not run out.
 * `today`: as 2027-01-31.
 */
export function verdictOf(stdout: string, { advisories }: Exceptions, today: string): Verdict {
  let report: Report;
  try {
    report = JSON.parse(stdout) as Report;
  } catch {
    return { outcome: 'not asked', why: stdout.slice(0, 200) || 'npm said nothing' };
  }
  if (!report.vulnerabilities) {
    return { outcome: 'not asked', why: report.error?.summary ?? report.message ?? 'the answer is no report' };
  }
  const excepted = new Set<string>();
  const lines = new Set<string>();
  for (const [name, { via = [] }] of Object.entries(report.vulnerabilities)) {
    for (const advisory of via) {
      // A name stands for another package of the report.
      if (typeof advisory === 'string' || !/^(high|critical)$/.test(advisory.severity ?? '')) continue;
      const id = advisory.url?.split('/').at(-1) ?? 'without an id';
      const exception = advisories.find((one) => one.id === id);
      if (exception && exception.until >= today) excepted.add(`${id} in ${name}: ${exception.reason}`);
      else {
        const over = exception ? ` (its exception ended on ${exception.until})` : '';
        lines.add(`${advisory.severity} ${id} in ${name}: ${advisory.title ?? ''}${over}`);
      }
    }
  }
  return lines.size > 0 ? { outcome: 'found', lines: [...lines] } : { outcome: 'clean', excepted: [...excepted] };
}
