import { parseArgs } from 'node:util';
import { listBuilds, neededBuilds } from './adapters/temporal/builds.js';
import { deploymentName, runOperator } from './operator.js';
import { StartError } from './process.js';

/**
 * `main.js builds`: the builds of the workers' deployment and their state, as one line of JSON. With `--keep ID,ID` it fails where
 * the workers of a build would be missing that new runs go to or that has open runs: asked before an upgrade.
 */
await runOperator(async ({ config, client, say }) => {
  const { values } = parseArgs({ args: process.argv.slice(3), options: { keep: { type: 'string' } } });
  const name = deploymentName(config);
  const builds = await listBuilds(client, name);
  say(JSON.stringify(builds));
  if (values.keep === undefined) return;
  const kept = values.keep.split(',').map((id) => id.trim());
  const missing = neededBuilds(builds).filter(({ id }) => !kept.includes(id));
  if (missing.length === 0) return;
  const list = missing.map(({ id, state }) => `${id} (${state})`).join(', ');
  throw new StartError(
    `Runs of '${name}' would be left without a worker: ${list}. Keep these builds in worker.previousBuilds until they are drained.`,
  );
});
