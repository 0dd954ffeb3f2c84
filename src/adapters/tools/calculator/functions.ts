import { Decimal, PI } from './numbers.js';

/** Beyond it a factorial has more digits than a number here may have. */
const MAX_FACTORIAL = 400;
const MAX_PLACES = 100;

interface CalculatorFunction {
  /** Fewest and most arguments. */
  arity: [min: number, max: number];
  of: (...values: [Decimal, ...Decimal[]]) => Decimal;
}

const one = (of: (value: Decimal) => Decimal): CalculatorFunction => ({ arity: [1, 1], of });
const two = (of: (a: Decimal, b: Decimal) => Decimal): CalculatorFunction => ({
  arity: [2, 2],
  of: (a, b) => of(a, b ?? a),
});
const many = (of: (values: readonly [Decimal, ...Decimal[]]) => Decimal): CalculatorFunction => ({
  arity: [1, Infinity],
  of: (...values) => of(values),
});

/** Each of them takes a bounded time, whatever it is given: that is what makes the calculator safe. */
const FUNCTIONS: Record<string, CalculatorFunction> = {
  sqrt: one((x) => x.sqrt()),
  cbrt: one((x) => x.cbrt()),
  root: two(root),
  pow: two((x, y) => x.pow(y)),
  exp: one((x) => x.exp()),
  ln: one((x) => x.ln()),
  log10: one((x) => x.log(10)),
  log2: one((x) => x.log(2)),
  log: { arity: [2, 2], of: (x, base) => x.log(base ?? x) },
  abs: one((x) => x.abs()),
  round: { arity: [1, 2], of: (x, places) => x.toDecimalPlaces(wholeFrom(places ?? new Decimal(0), 0, MAX_PLACES)) },
  floor: one((x) => x.floor()),
  ceil: one((x) => x.ceil()),
  trunc: one((x) => x.trunc()),
  sign: one((x) => new Decimal(x.isZero() ? 0 : x.isNegative() ? -1 : 1)),
  mod: two((x, y) => x.mod(y)),
  factorial: one(factorial),
  gcd: two(gcd),
  lcm: two((a, b) => (a.isZero() || b.isZero() ? new Decimal(0) : a.times(b).div(gcd(a, b)).abs())),
  min: many((values) => Decimal.min(...values)),
  max: many((values) => Decimal.max(...values)),
  sum: many(sum),
  mean: many((values) => sum(values).div(values.length)),
  median: many(median),
  variance: many(variance),
  std: many((values) => variance(values).sqrt()),
  sin: one((x) => atPeriods(x).sin()),
  cos: one((x) => atPeriods(x).cos()),
  tan: one(tangent),
  asin: one((x) => x.asin()),
  acos: one((x) => x.acos()),
  atan: one((x) => x.atan()),
};

export const FUNCTION_NAMES = Object.keys(FUNCTIONS);

/**
 * @throws RangeError where there is no such function or it takes other arguments, in words for the model
 */
export function apply(name: string, values: readonly Decimal[]): Decimal {
  if (!Object.hasOwn(FUNCTIONS, name)) throw new RangeError(unknownFunction(name));
  const { arity, of } = FUNCTIONS[name]!;
  const [min, max] = arity;
  const [first, ...rest] = values;
  if (name === 'log' && values.length === 1)
    throw new RangeError('write ln(x), log10(x) or log(x, base): log(x) means one to some and another to others');
  if (first === undefined || values.length < min || values.length > max) {
    const wanted = min === max ? String(min) : max === Infinity ? `${min} or more` : `${min} to ${max}`;
    throw new RangeError(`${name} takes ${wanted} numbers, not ${values.length}`);
  }
  return of(first, ...rest);
}

export function unknownFunction(name: string): string {
  return `there is no function '${name.slice(0, 40)}' here; there are ${FUNCTION_NAMES.join(', ')}`;
}

export function factorial(value: Decimal): Decimal {
  const n = wholeFrom(value, 0, MAX_FACTORIAL);
  let product = new Decimal(1);
  for (let factor = 2; factor <= n; factor++) product = product.times(factor);
  return product;
}

/** The root of an odd degree is there for negative numbers too. */
function root(value: Decimal, degree: Decimal): Decimal {
  const odd = degree.isInteger() && !degree.mod(2).isZero();
  return odd && value.isNegative() ? value.neg().pow(degree.pow(-1)).neg() : value.pow(degree.pow(-1));
}

function gcd(a: Decimal, b: Decimal): Decimal {
  if (!a.isInteger() || !b.isInteger()) throw new RangeError('gcd and lcm take whole numbers');
  let [x, y] = [a.abs(), b.abs()];
  // Euclid's steps are at most five a digit.
  while (!y.isZero()) [x, y] = [y, x.mod(y)];
  return x;
}

function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), new Decimal(0));
}

function median(values: readonly Decimal[]): Decimal {
  const sorted = [...values].sort((a, b) => a.cmp(b));
  const half = sorted.length / 2;
  const middle = sorted.slice(Math.ceil(half) - 1, Math.floor(half) + 1);
  return sum(middle).div(middle.length);
}

/** Of a sample: divided by one less than its size. */
function variance(values: readonly Decimal[]): Decimal {
  if (values.length < 2) throw new RangeError('variance and std take two numbers or more');
  const mean = sum(values).div(values.length);
  return sum(values.map((value) => value.minus(mean).pow(2))).div(values.length - 1);
}

/** At its poles there is none: our pi is a little off, so what comes out there is huge. */
function tangent(angle: Decimal): Decimal {
  const value = atPeriods(angle).tan();
  return value.abs().gt(1e40) ? new Decimal(NaN) : value;
}

/** Angles of huge numbers mean nothing at our precision, and take long to find. */
function atPeriods(angle: Decimal): Decimal {
  if (angle.abs().gt(1e15)) throw new RangeError('angles are at most 1e15 radians');
  return angle.abs().lt(1e-90) ? angle : angle.mod(PI.times(2));
}

function wholeFrom(value: Decimal, min: number, max: number): number {
  if (value.isInteger() && value.gte(min) && value.lte(max)) return value.toNumber();
  throw new RangeError(`expected a whole number from ${min} to ${max} there`);
}
