import { Environment } from '@marcbachmann/cel-js';

/** Longest expression, in characters. */
export const MAX_CONDITION_CHARS = 2_000;

/**
 * What expressions may use: `outputs.<task>.raw|json|status` and `inputs.<name>`. Numbers of outputs and inputs are doubles,
 * as JSON's are; CEL would refuse `score + 1`, as its 1 is an integer, so the two may be mixed here.
 */
export const environment = mixedNumbers(
  new Environment({
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 300, maxDepth: 30, maxListElements: 100, maxMapEntries: 20, maxCallArguments: 5 },
  }),
)
  .registerVariable('outputs', 'map')
  .registerVariable('inputs', 'map');

function mixedNumbers(environment: Environment): Environment {
  type Numbers = (a: number | bigint, b: number | bigint) => number;
  const operators: Record<string, Numbers> = {
    '+': (a, b) => Number(a) + Number(b),
    '-': (a, b) => Number(a) - Number(b),
    '*': (a, b) => Number(a) * Number(b),
    '/': (a, b) => Number(a) / Number(b),
    '%': (a, b) => Number(a) % Number(b),
  };
  for (const [operator, handler] of Object.entries(operators)) {
    environment.registerOperator(`double ${operator} int`, handler);
    environment.registerOperator(`int ${operator} double`, handler);
  }
  return environment.registerOperator('double % double', operators['%']!);
}
