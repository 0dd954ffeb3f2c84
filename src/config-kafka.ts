import { z } from 'zod';
import { flag, list, wholeNumber } from './config-values.js';

const topic = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'Expected the name of a topic: letters, digits, ., _ and -');

/** The variables of Kafka, for the schema of the environment. */
export const kafkaVariables = {
  /** `host:port`, comma-separated. Absent: no Kafka. */
  KAFKA_BROKERS: list.optional(),
  /** Where run events go. Absent: nowhere. */
  KAFKA_EVENTS_TOPIC: topic.optional(),
  /** What CloudEvents say of where they come from. */
  KAFKA_EVENTS_SOURCE: z.string().default('/agent-orchestration-service'),
  KAFKA_CLIENT_ID: z.string().default('agent-orchestration-service'),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  KAFKA_TLS: flag.default(false),
  /** Files in PEM form: whom to trust, and who we are. */
  KAFKA_TLS_CA_PATH: z.string().optional(),
  KAFKA_TLS_CLIENT_CERT_PATH: z.string().optional(),
  KAFKA_TLS_CLIENT_KEY_PATH: z.string().optional(),
  /** The file that says what comes of the events of which topic, for the intake. */
  KAFKA_INTAKE_CONFIG: z.string().optional(),
  /** How soon the partitions of an intake that died are given to another. */
  KAFKA_INTAKE_SESSION_SECONDS: wholeNumber(1, 300).default(30),
};

type Kafka = z.infer<z.ZodObject<typeof kafkaVariables>>;

/** What does not fit together, one line a problem. */
export function kafkaProblems(values: Kafka): string[] {
  const problems: string[] = [];
  const needs = (name: keyof Kafka, other: keyof Kafka) => {
    if (values[name] !== undefined && values[other] === undefined) problems.push(`${name}: set ${other} too`);
  };
  needs('KAFKA_EVENTS_TOPIC', 'KAFKA_BROKERS');
  needs('KAFKA_INTAKE_CONFIG', 'KAFKA_BROKERS');
  needs('KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME');
  needs('KAFKA_SASL_MECHANISM', 'KAFKA_SASL_PASSWORD');
  needs('KAFKA_SASL_USERNAME', 'KAFKA_SASL_MECHANISM');
  needs('KAFKA_TLS_CLIENT_CERT_PATH', 'KAFKA_TLS_CLIENT_KEY_PATH');
  needs('KAFKA_TLS_CLIENT_KEY_PATH', 'KAFKA_TLS_CLIENT_CERT_PATH');
  const files = ['KAFKA_TLS_CA_PATH', 'KAFKA_TLS_CLIENT_CERT_PATH'] as const;
  for (const name of files) {
    if (values[name] !== undefined && !values.KAFKA_TLS) problems.push(`${name}: has no effect without KAFKA_TLS=true`);
  }
  if (values.KAFKA_SASL_MECHANISM === 'plain' && !values.KAFKA_TLS) {
    problems.push(
      'KAFKA_SASL_MECHANISM=plain: sends the password as it is, so set KAFKA_TLS=true or use scram-sha-512',
    );
  }
  return problems;
}
