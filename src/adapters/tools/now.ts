import { z } from 'zod';
import { defineTool } from '../../authoring/define.js';
import { ToolCallError } from '../../contract/tool-error.js';

const FORMATS = ['iso', 'date', 'time', 'long', 'unix'] as const;

/** The current time. `clock`: where it comes from. */
export function nowTool(clock: () => Date = () => new Date()) {
  return defineTool({
    name: 'now',
    description: 'Tells the current date and time. Use it whenever the answer depends on today.',
    input: z.object({
      time_zone: z.string().optional().describe('IANA time zone, for example Europe/Berlin. Left out: UTC.'),
      format: z
        .enum(FORMATS)
        .default('iso')
        .describe('iso: 2026-01-31T09:30:00+01:00; date; time; long: with the weekday; unix: seconds since 1970.'),
    }),
    timeoutMs: 5_000,
    idempotent: true,
    run: ({ time_zone, format }) => formatted(clock(), time_zone?.trim() || 'UTC', format),
  });
}

function formatted(time: Date, timeZone: string, format: (typeof FORMATS)[number]): string {
  const parts = partsOf(time, timeZone);
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  const clock = `${parts.hour}:${parts.minute}:${parts.second}`;
  switch (format) {
    case 'iso':
      return `${date}T${clock}${parts.offset}`;
    case 'date':
      return date;
    case 'time':
      return `${clock} (${timeZone})`;
    case 'long':
      return `${parts.weekday}, ${date} ${clock} (${timeZone}, UTC${parts.offset})`;
    case 'unix':
      return String(Math.floor(time.getTime() / 1000));
  }
}

function partsOf(time: Date, timeZone: string) {
  const of = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  const offset = (of.timeZoneName ?? '').replace(/^GMT/, '') || '+00:00';
  return { ...of, offset } as Record<
    'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'weekday' | 'offset',
    string
  >;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'long',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'longOffset',
    });
  } catch {
    throw new ToolCallError(
      'invalid_arguments',
      `time_zone: '${timeZone.slice(0, 60)}' is no time zone; write one like Europe/Berlin, America/New_York or UTC`,
    );
  }
}
