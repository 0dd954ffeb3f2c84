import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { TENANT_PATTERN } from '../../contract/identity.js';
import { DEFAULT_TENANT, MAX_NAMED_WEBHOOKS, WEBHOOK_ID_PATTERN } from '../../contract/ids.js';
import type { IntakeTopic } from '../../ports.js';
import { issuesOf, strict } from '../../crew/issues.js';
import { readYaml } from '../yaml-issues.js';
import { KafkaSetupError } from './client.js';

const topicName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,249}$/, 'Expected the name of a topic: letters, digits, ., _ and -');
const path = z.string().regex(/^[^.]+(\.[^.]+)*$/, 'Expected a path into the data: order.lines.0.text');

const source = z.union([strict({ path }), strict({ value: z.union([z.string(), z.number(), z.boolean()]) })], {
  error: 'Expected {path: order.text}, or {value: a constant}',
});

const crewTopic = strict({
  crew: z.string({ error: 'Expected the name of a crew, or name@version' }).min(1),
  /** Absent: the data of the event are the inputs. */
  inputs: z.record(z.string(), source).optional(),
  label: source.optional(),
  webhooks: z
    .array(z.string().regex(WEBHOOK_ID_PATTERN, 'Expected the id of a webhook'))
    .max(MAX_NAMED_WEBHOOKS, `Expected at most ${MAX_NAMED_WEBHOOKS} webhooks`)
    .optional(),
  id: path.optional(),
  tenant: z
    .string()
    .regex(TENANT_PATTERN, 'Expected the name of a tenant: letters, digits, dots, hyphens and underscores')
    .default(DEFAULT_TENANT),
});

const decisionTopic = strict({
  decisions: z.literal(true),
  id: path.optional(),
  tenant: crewTopic.shape.tenant,
});

const fileSchema = strict({
  groupId: z.string().min(1).default('agent-orchestration-service'),
  deadLetterTopic: topicName,
  topics: z
    .record(
      topicName,
      z.union([decisionTopic, crewTopic], {
        error: 'Expected {crew, inputs…} or {decisions: true}, with known keys only',
      }),
    )
    .refine((topics) => Object.keys(topics).length > 0, 'Expected at least one topic'),
});

/** What an intake listens to, and what comes of it. */
export interface IntakeConfig {
  groupId: string;
  deadLetterTopic: string;
  topics: Record<string, IntakeTopic>;
}

/** Reads the file of the intake. @throws KafkaSetupError that names everything wrong, with line and column */
export function readIntakeConfig(file: string): IntakeConfig {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new KafkaSetupError([`KAFKA_INTAKE_CONFIG=${file}: cannot be read (${code})`]);
  }
  return parseIntakeConfig(file, bytes);
}

/** Parses it. @throws as `readIntakeConfig` */
export function parseIntakeConfig(file: string, bytes: Uint8Array): IntakeConfig {
  const yaml = readYaml(file, bytes);
  if (!yaml.ok) throw new KafkaSetupError(yaml.problems);
  const parsed = fileSchema.safeParse(yaml.value);
  if (!parsed.success) throw new KafkaSetupError(issuesOf(parsed.error).map((issue) => yaml.describe(issue)));
  const { topics, deadLetterTopic } = parsed.data;
  if (Object.hasOwn(topics, deadLetterTopic)) {
    const message = 'Expected another topic than those that are listened to: what it holds would come again';
    throw new KafkaSetupError([yaml.describe({ path: ['deadLetterTopic'], message })]);
  }
  return parsed.data as IntakeConfig;
}
