import type { PythonHints } from '../../crew/import.js';

/** A decorated method with its body, up to the next decorator or what is indented less. */
const METHOD =
  /^[ \t]*@(agent|task)\b[^\n]*\n(?:[ \t]*@[^\n]*\n)*[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\([^)]*\)[^:\n]*:[^\n]*\n((?:(?![ \t]*@\w)[^\n]*\n?)*)/gm;

const FLAGS = [
  'allow_delegation',
  'cache',
  'async_execution',
  'human_input',
  'markdown',
  'respect_context_window',
  'planning',
];
const NUMBERS = ['max_iter', 'max_rpm', 'max_execution_time', 'max_retry_limit', 'guardrail_max_retries', 'max_tokens'];
const TEXTS = [
  'output_file',
  'llm',
  'manager_llm',
  'planning_llm',
  'role',
  'goal',
  'backstory',
  'description',
  'expected_output',
];
const NAMES = [
  'output_pydantic',
  'output_json',
  'guardrail',
  'callback',
  'step_callback',
  'manager_agent',
  'condition',
];

/** Reads off a file of Python what it says literally. Nothing of it is run. Empty where it makes no crew. */
export function pythonHints(source: string): PythonHints {
  const text = source.replace(/^[ \t]*#[^\n]*$/gm, '');
  const functions = [...text.matchAll(METHOD)].map(([, kind, name = '', body = '']) => ({
    kind: kind === 'agent' ? ('agent' as const) : ('task' as const),
    name,
    key: /config\s*=\s*self\.\w+\[\s*["']([^"']+)["']/.exec(body)?.[1] ?? name,
    fields: [...literals(body), ...listsOf(body)],
  }));
  const crew = /(?<!\w)Crew\(([\s\S]{0,3000})/.exec(text)?.[1];
  return { crew: crew === undefined ? [] : crewSettings(crew), functions };
}

function crewSettings(body: string): [string, unknown][] {
  const process = /\bprocess\s*=\s*(?:\w+\.)?Process\.(\w+)/.exec(body)?.[1];
  const settings = literals(body).filter(([key]) => CREW_SETTINGS.includes(key));
  return [...settings, ...(process === undefined ? [] : ([['process', process]] as [string, unknown][]))];
}

const CREW_SETTINGS = ['manager_llm', 'manager_agent', 'planning', 'planning_llm', 'max_rpm', 'cache'];

function literals(body: string): [string, unknown][] {
  const found: [string, unknown][] = [];
  const read = (key: string, value: RegExp, as: (text: string) => unknown) => {
    const match = new RegExp(`(?<![\\w.])${key}\\s*=\\s*${value.source}`).exec(body);
    if (match?.[1] !== undefined) found.push([key, as(match[1])]);
  };
  for (const key of FLAGS) read(key, /(True|False)\b/, (text) => text === 'True');
  for (const key of NUMBERS) read(key, /(\d{1,9})\b/, Number);
  for (const key of TEXTS) read(key, /["']([^"'\n]{1,500})["']/, (text) => text);
  for (const key of NAMES)
    read(key, /((?:self\.)?[A-Za-z_]\w*(?:\(\))?)/, (text) => text.replace(/^self\./, '').replace('()', ''));
  const agent = /(?<![\w.])agent\s*=\s*(?:self\.)?(\w+)(?:\(\))?/.exec(body)?.[1];
  return agent === undefined ? found : [...found, ['agent', agent]];
}

function listsOf(body: string): [string, unknown][] {
  const names = (key: string) => {
    const inner = new RegExp(`(?<![\\w.])${key}\\s*=\\s*\\[([^\\]]*)\\]`).exec(body)?.[1];
    return inner
      ?.split(/,(?![^(]*\))/)
      .map((item) =>
        item
          .trim()
          .replace(/^self\./, '')
          .replace(/\(.*$/s, ''),
      )
      .filter((item) => /^\w[\w.]*$/.test(item));
  };
  return ['context', 'tools'].flatMap((key): [string, unknown][] => {
    const items = names(key);
    return items && items.length > 0 ? [[key, items]] : [];
  });
}
