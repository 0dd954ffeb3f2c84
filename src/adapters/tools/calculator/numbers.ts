import {
  BigNumberDependencies,
  create,
  parseDependencies,
  type BigNumber as BigNumberOfMathjs,
  type FactoryFunctionMap,
  type MathNode,
} from 'mathjs';

/** Significant digits of a calculation. */
const PRECISION = 100;
/** Numbers of more digits are shown as powers of ten: they may have been rounded on the way. */
const EXACT_DIGITS = 80;
/** Significant digits of a result that is not exact. */
const SHOWN_DIGITS = 15;
/**
 * Powers of ten beyond which a number is too large, or nothing. It bounds the work of one step; steps themselves go further
 * (`STEP_EXPONENT`), as the series behind some functions do not end where a number on their way overflows.
 */
const MAX_EXPONENT = 1_000;
const STEP_EXPONENT = 1_000_000;

const { BigNumber, parse: parseWith } = create(parts(), {
  number: 'BigNumber',
  precision: PRECISION,
}) as unknown as Calculus;

/** mathjs's types know neither its factories' maps in strict mode nor the class of its numbers. */
interface Calculus {
  BigNumber: { new (value: number | string | Decimal): Decimal } & Statics;
  parse(expression: string): MathNode;
}
interface Statics {
  set(config: { maxE: number; minE: number }): unknown;
  acos(value: number): Decimal;
  min(...values: Decimal[]): Decimal;
  max(...values: Decimal[]): Decimal;
}
/** A decimal number, so that 0.1 + 0.2 is 0.3. */
export type Decimal = BigNumberOfMathjs;
export const Decimal = BigNumber;
Decimal.set({ maxE: STEP_EXPONENT, minE: -STEP_EXPONENT });

function parts(): FactoryFunctionMap {
  return { ...BigNumberDependencies, ...parseDependencies };
}

/** mathjs reads the expression; what it may mean is decided by us (`calculate`). */
export const parse = (expression: string): MathNode => parseWith(expression);

export const PI = Decimal.acos(-1);
export const E = new Decimal(1).exp();

/** A number that a step gave, as the next one may have it. @throws RangeError where there is none */
export function kept(value: Decimal, what: () => string): Decimal {
  if (value.isNaN()) throw new RangeError(`${what()} has no real value`);
  if (!value.isFinite() || value.e > MAX_EXPONENT) throw new RangeError(`${what()} is too large a number`);
  return value.e < -MAX_EXPONENT ? new Decimal(0) : value;
}

/** For people and models: whole and exact numbers in full, others with 15 digits. */
export function shown(value: Decimal): string {
  const rounded = value.sd(true) <= EXACT_DIGITS ? value : value.toSignificantDigits(SHOWN_DIGITS);
  if (rounded.isZero()) return '0';
  return rounded.e >= EXACT_DIGITS || rounded.e < -20 ? rounded.toExponential() : rounded.toFixed();
}
