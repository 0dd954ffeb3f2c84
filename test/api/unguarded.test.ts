import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/free-port.js';
import { stopped, testStore } from '../support/store.js';

/** Starts the gateway as a process; with what it said, and how it ended. */
function gateway(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/gateway.ts'], {
    env: { PATH: process.env['PATH'], TEMPORAL_ADDRESS: '127.0.0.1:9', LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<{ code: number | null; said: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, said })),
  );
  return { child, ended };
}

describe('a gateway process', function () {
  this.timeout(240_000);

  it('refuses to serve strangers, and says what to set', async () => {
    const { databaseUrl: DATABASE_URL } = await testStore();
    for (const HOST of ['0.0.0.0', '::']) {
      const { code, said } = await gateway({ DATABASE_URL, HOST, PORT: '0', ALLOW_UNAUTHENTICATED: 'true' }).ended;
      assert.equal(code, 1);
      assert.match(said, new RegExp(`HOST=${HOST}: .*AUTH_API_KEYS=true.*crew key create --bootstrap.*OIDC_ISSUER`));
      assert.doesNotMatch(said, /\n {4}at /);
    }
  });

  it('serves those it knows beyond loopback, under any host name', async () => {
    const { databaseUrl: DATABASE_URL } = await testStore();
    const PORT = String(await freePort());
    // Every address of 127/8 is this machine's own; only the usual ones count as loopback here.
    const { child } = gateway({ DATABASE_URL, HOST: '127.0.0.2', PORT, AUTH_API_KEYS: 'true' });
    try {
      const url = `http://127.0.0.2:${PORT}`;
      let answer: Response | undefined;
      while (!answer) {
        answer = await fetch(`${url}/healthz`).catch(() => undefined);
        if (!answer) await pause(100);
      }
      assert.equal(answer.status, 200);
      assert.equal((await fetch(`${url}/v1/runs`)).status, 401);
    } finally {
      await stopped(child);
    }
  });
});
