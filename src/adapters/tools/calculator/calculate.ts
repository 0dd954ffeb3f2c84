import type {
  ArrayNode,
  ConstantNode,
  FunctionNode,
  MathNode,
  OperatorNode,
  ParenthesisNode,
  SymbolNode,
} from 'mathjs';
import { ToolCallError } from '../../../contract/tool-error.js';
import { normalized } from './expression.js';
import { apply, factorial, unknownFunction } from './functions.js';
import { Decimal, E, kept, parse, PI, shown } from './numbers.js';

/** Longest expression, in characters. With the bounds of single steps it bounds the work. */
const MAX_CHARS = 1_000;
const MAX_DEPTH = 1_000;

const CONSTANTS: Record<string, Decimal> = { pi: PI, PI, e: E, E, tau: PI.times(2), deg: PI.div(180) };

/**
 * Works out an expression. Of mathjs only the parser and its decimal numbers are used: what an expression may do is listed
 * here and in `functions.ts`, and nothing else is reachable from it.
 * @throws ToolCallError `failed`: what is wrong with it, in words for the model
 */
export function calculate(expression: string): string {
  try {
    if (expression.trim() === '') throw new SyntaxError('expected an expression, for example 3 * 4');
    if (expression.length > MAX_CHARS) throw new RangeError(`an expression has at most ${MAX_CHARS} characters`);
    return shown(new Evaluation().value(parse(normalized(expression)), 0));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A stack that ran full says nothing about what was written.
    const why = /call stack/i.test(message) ? 'it is nested too deep' : message;
    throw new ToolCallError('failed', `Cannot calculate ${JSON.stringify(expression.slice(0, 100))}: ${why}`);
  }
}

/** The operator that `normalized` writes for a percent sign. */
const PERCENT = 'ctranspose';

class Evaluation {
  /** The parser puts one node at two places for `a + 5%`, so a tree of n nodes may have 2^n paths: each is worked out once. */
  private readonly done = new Map<MathNode, Decimal>();

  value(node: MathNode, depth: number): Decimal {
    const known = this.done.get(node);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) throw new RangeError('it is nested too deep');
    const value = kept(
      this.fresh(node, (inner) => this.value(inner, depth + 1)),
      () => clip(node),
    );
    this.done.set(node, value);
    return value;
  }

  private fresh(node: MathNode, value: (inner: MathNode) => Decimal): Decimal {
    switch (node.type) {
      case 'ConstantNode':
        return constant(node as ConstantNode);
      case 'ParenthesisNode':
        return value((node as ParenthesisNode).content);
      case 'SymbolNode':
        return named((node as SymbolNode).name);
      case 'OperatorNode':
        return operator(node as OperatorNode, value);
      case 'FunctionNode':
        return call(node as FunctionNode, value);
      default:
        throw new SyntaxError('expected one expression of numbers: no assignments, lists, ranges or texts');
    }
  }
}

function constant({ value }: ConstantNode): Decimal {
  const found: unknown = value;
  if (found instanceof Decimal) return found;
  // The 100 of a percentage is the parser's own.
  if (typeof found === 'number') return new Decimal(found);
  throw new SyntaxError('expected numbers only');
}

function named(name: string): Decimal {
  if (Object.hasOwn(CONSTANTS, name)) return CONSTANTS[name]!;
  throw new SyntaxError(`'${name.slice(0, 40)}' is not known here: write numbers; there are no variables and no units`);
}

/** `100 + 5%` is 105, as on a pocket calculator; `5% + 5%` is 10%. */
function operator({ fn, op, args }: OperatorNode, value: (node: MathNode) => Decimal): Decimal {
  const [a, right] = args.map(value);
  const b =
    right && a && isPercent(args[1]) && !isPercent(args[0]) && (fn === 'add' || fn === 'subtract')
      ? a.times(right)
      : right;
  if (a === undefined) throw new SyntaxError('expected a number');
  if (b === undefined) {
    if (fn === 'unaryMinus') return a.neg();
    if (fn === 'unaryPlus') return a;
    if (fn === 'factorial') return factorial(a);
    if (fn === PERCENT) return a.div(100);
  } else {
    if (fn === 'add') return a.plus(b);
    if (fn === 'subtract') return a.minus(b);
    if (fn === 'multiply') return a.times(b);
    if ((fn === 'divide' || fn === 'mod') && b.isZero()) throw new RangeError('it divides by zero');
    if (fn === 'divide') return a.div(b);
    if (fn === 'pow') return a.pow(b);
    if (fn === 'mod') return a.mod(b);
  }
  throw new SyntaxError(`the operator '${String(op)}' is not known here; there are + - * / ^ % and !`);
}

function isPercent(node: MathNode | undefined): boolean {
  return node?.type === 'OperatorNode' && (node as OperatorNode).fn === PERCENT;
}

function call(node: FunctionNode, value: (node: MathNode) => Decimal): Decimal {
  // Only a plain name can be called: never what an expression gives.
  const callee: MathNode = node.fn;
  if (callee.type !== 'SymbolNode') throw new SyntaxError(unknownFunction(clip(callee)));
  const { name } = callee as SymbolNode;
  const args = node.args.flatMap((arg) => (arg.type === 'ArrayNode' ? (arg as ArrayNode).items : [arg]));
  return apply(name, args.map(value));
}

function clip(node: MathNode): string {
  const text = node.toString();
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}
