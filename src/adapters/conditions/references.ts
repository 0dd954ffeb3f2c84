import type { ASTNode } from '@marcbachmann/cel-js';
import { suggestion } from '../../crew/issues.js';
import type { Conditions } from '../../ports.js';

/** The tasks and inputs that an expression may speak of. */
export type ConditionNames = Parameters<Conditions['check']>[1];

const FIELDS = ['raw', 'json', 'status'];

/**
 * Functions that conditions may call. Left out is what can take for ever or fill the memory on what a model wrote: regular
 * expressions, texts put together from lists, names for values.
 */
const FUNCTIONS = [
  'size',
  'has',
  'contains',
  'startsWith',
  'endsWith',
  'lowerAscii',
  'upperAscii',
  'trim',
  'indexOf',
  'lastIndexOf',
  'substring',
  'split',
  'int',
  'double',
  'string',
  'bool',
  'type',
  'dyn',
];
const LOOPS = ['all', 'exists', 'exists_one', 'filter', 'map'];

/** Loops within loops: each multiplies the work by the length of a list. */
const MAX_NESTED_LOOPS = 2;

/**
 * What an expression speaks of or calls that is not there, in words. Without `names` any task and input is taken.
 */
export function referenceProblems(ast: ASTNode, names?: ConditionNames): string[] {
  const problems = new Set<string>();
  visit(ast, names, { loops: 0, bound: [] }, (problem) => problems.add(problem));
  return [...problems];
}

interface Place {
  /** Loops around this place, */
  loops: number;
  /** and the names that they give to the items of their lists. */
  bound: readonly string[];
}

function visit(
  node: ASTNode,
  names: ConditionNames | undefined,
  place: Place,
  report: (problem: string) => void,
): void {
  const into = (inner: ASTNode, at = place) => visit(inner, names, at, report);
  switch (node.op) {
    case 'value':
      return;
    case 'id':
      return checkVariable(node.args, names, place, report);
    case '.':
    case '.?': {
      const [of, key] = node.args;
      checkKey(of, key, names, place, report);
      return into(of);
    }
    case '[]':
    case '[?]': {
      const [of, index] = node.args;
      if (index.op === 'value' && typeof index.args === 'string') checkKey(of, index.args, names, place, report);
      into(of);
      return into(index);
    }
    case 'call': {
      const [name, args] = node.args;
      checkFunction(name, FUNCTIONS, report);
      return args.forEach((arg) => into(arg));
    }
    case 'rcall': {
      const [name, of, args] = node.args;
      checkFunction(name, [...FUNCTIONS, ...LOOPS], report);
      into(of);
      const inner = LOOPS.includes(name) ? looped(place, args[0], report) : place;
      return args.forEach((arg) => into(arg, inner));
    }
    default:
      return childrenOf(node.args).forEach((child) => into(child));
  }
}

function looped(place: Place, item: ASTNode | undefined, report: (problem: string) => void): Place {
  const loops = place.loops + 1;
  if (loops > MAX_NESTED_LOOPS) report(`at most ${MAX_NESTED_LOOPS} of ${LOOPS.join(', ')} may stand in one another`);
  return { loops, bound: item?.op === 'id' ? [...place.bound, item.args] : place.bound };
}

function checkVariable(
  name: string,
  names: ConditionNames | undefined,
  { bound }: Place,
  report: (problem: string) => void,
): void {
  if (['outputs', 'inputs', ...bound].includes(name)) return;
  const dashed = names?.tasks.find((task) => task.includes('-') && task.split('-').includes(name));
  if (dashed !== undefined) report(`'${name}' is not known here; for the task '${dashed}' write outputs["${dashed}"]`);
  else if (names?.tasks.includes(name)) report(`'${name}' is not known here; for the task write outputs.${name}`);
  else if (names?.inputs.includes(name)) report(`'${name}' is not known here; for the input write inputs.${name}`);
  else report(`'${name}' is not known here: a condition speaks of outputs.<task> and inputs.<name>`);
}

/** A key of `outputs`, of `inputs`, or of what `outputs` has for a task. */
function checkKey(
  of: ASTNode,
  key: string,
  names: ConditionNames | undefined,
  { bound }: Place,
  report: (problem: string) => void,
): void {
  if (of.op === 'id' && !bound.includes(of.args)) {
    const known = of.args === 'outputs' ? names?.tasks : of.args === 'inputs' ? names?.inputs : undefined;
    if (!known || known.includes(key)) return;
    const dashed = known.find((name) => name.startsWith(`${key}-`));
    if (dashed !== undefined) return report(`for '${dashed}', which has a '-' in it, write ${of.args}["${dashed}"]`);
    const what = of.args === 'outputs' ? 'task' : 'input';
    return report(`${of.args}.${key}: there is no ${what} '${key}'.${suggestion(key, known)}`);
  }
  if (isTask(of, bound) && !FIELDS.includes(key)) {
    report(`'${key}' is nothing that a task's output has: it has ${FIELDS.join(', ')}.${near(key)}`);
  }
}

function isTask(node: ASTNode, bound: readonly string[]): boolean {
  if (node.op !== '.' && node.op !== '[]') return false;
  const [of] = node.args;
  return of.op === 'id' && of.args === 'outputs' && !bound.includes('outputs');
}

function near(key: string): string {
  const text = suggestion(key, FIELDS);
  return text.startsWith(' Did') ? text : '';
}

function checkFunction(name: string, known: readonly string[], report: (problem: string) => void): void {
  if (!known.includes(name)) report(`conditions have no function '${name}'.${suggestion(name, known)}`);
}

/** The nodes among an operator's operands: nodes, lists of nodes, or lists of pairs. */
function childrenOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(childrenOf);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}
