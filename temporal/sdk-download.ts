/**
 * Downloads the official Temporal CLI by the Temporal SDK's own means: `node --import tsx temporal/sdk-download.ts VERSION FOLDER`.
 * The SDK can download only as part of starting a server, and cannot be told to give up; so this is a process of its own, which
 * starts one in memory, stops it at once, and can be killed.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [version, downloadDir] = process.argv.slice(2);
if (version === undefined || downloadDir === undefined) throw new Error('Usage: sdk-download.ts VERSION FOLDER');

const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', version, downloadDir } },
});
await environment.teardown();
