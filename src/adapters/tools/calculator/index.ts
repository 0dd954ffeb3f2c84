import { z } from 'zod';
import { defineTool } from '../../../authoring/define.js';
import { calculate } from './calculate.js';
import { FUNCTION_NAMES } from './functions.js';

/** Arithmetic, exact in decimals: what models get wrong in their heads. */
export const calculator = defineTool({
  name: 'calculator',
  description:
    'Works out an arithmetic expression and gives the number. Use it for every calculation, for example ' +
    '"12 * (3 + 4)", "15% of 80", "sqrt(2) ^ 3", "mean(3, 5, 10)".',
  input: z.object({
    expression: z
      .string()
      .describe(
        `One expression of numbers, + - * / ^ % ! and parentheses; functions: ${FUNCTION_NAMES.join(', ')}; constants: pi, e. No variables, no units.`,
      ),
  }),
  timeoutMs: 5_000,
  idempotent: true,
  cache: true,
  run: ({ expression }) => calculate(expression),
});
