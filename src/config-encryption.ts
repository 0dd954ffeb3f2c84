import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Keyring, KeyringError } from './adapters/encryption/keyring.js';
import { list } from './config-values.js';

const origins = list.transform((items, context) =>
  items.flatMap((item) => {
    if (URL.canParse(item) && new URL(item).origin === item) return [item];
    const message = `'${item}' is no origin: expected https://temporal.example.com, with no path`;
    context.addIssue({ code: 'custom', message });
    return [];
  }),
);

/** Encryption at rest. */
export const encryptionVariables = {
  /** `id:base64,id2:base64`, 32 bytes each: the first encrypts, all decrypt. Absent, and no file: nothing is encrypted. */
  ENCRYPTION_KEYS: z.string().optional(),
  /** A file with the same, one a line. */
  ENCRYPTION_KEYS_FILE: z.string().optional(),
  /** Origins of the Temporal UI whose pages may have payloads decoded. */
  CODEC_CORS_ORIGINS: origins.default([]),
};

/** The keys that were given; an empty ring where there are none. @throws KeyringError, its lines with the variable's name */
export function readKeyring(values: {
  ENCRYPTION_KEYS?: string | undefined;
  ENCRYPTION_KEYS_FILE?: string | undefined;
}): Keyring {
  const { ENCRYPTION_KEYS: keys, ENCRYPTION_KEYS_FILE: file } = values;
  if (keys && file) throw new KeyringError(['ENCRYPTION_KEYS, ENCRYPTION_KEYS_FILE: set one of them']);
  const [name, text] = file ? [`ENCRYPTION_KEYS_FILE=${file}`, read(file)] : ['ENCRYPTION_KEYS', keys];
  if (!text && !file) return Keyring.empty();
  try {
    return Keyring.parse(text ?? '');
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    throw new KeyringError(error.lines.map((line) => `${name}: ${line}`));
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new KeyringError([`ENCRYPTION_KEYS_FILE=${file}: cannot be read (${why})`]);
  }
}
