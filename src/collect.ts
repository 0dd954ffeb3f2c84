import { parseArgs } from 'node:util';
import { startTelemetry } from './adapters/telemetry.js';
import { composeClient } from './compose-client.js';
import { composeCollection } from './compose.js';
import { loadConfig } from './config.js';
import { runProcess, StartError } from './process.js';

/** `npm run store:collect`: removes from the store what no retained run reaches. */
await runProcess(async () => {
  const { values } = parseArgs({
    options: { 'grace-hours': { type: 'string', default: '24' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const graceHours = Number(values['grace-hours']);
  if (!Number.isFinite(graceHours) || graceHours < 0) throw new StartError('--grace-hours: expected a number of hours');
  const config = loadConfig();
  const { plugin } = startTelemetry(config.OTEL_SERVICE_NAME, false);
  const client = composeClient(config, plugin);
  const { collectGarbage, close } = composeCollection(config, client);
  const dryRun = values['dry-run'];
  const { runs, kept, removed } = await collectGarbage({ graceMs: graceHours * 3_600_000, dryRun }, () => undefined);
  process.stdout.write(
    `${runs} runs looked through, ${kept} old texts kept, ${removed} ${dryRun ? 'would be removed' : 'removed'}\n`,
  );
  await close();
  await client.connection.close();
});
