import { z } from 'zod';

/** A whole number between two, both included. */
export const wholeNumber = (min: number, max: number) =>
  z.coerce.number({ error: 'Expected a number' }).int().min(min).max(max);

/** Values with commas between them. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** `true` or `false`. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
