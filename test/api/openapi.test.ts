import assert from 'node:assert/strict';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { testApp } from '../support/app.js';

describe('/openapi.json', () => {
  it('passes a linter with its recommended rules', async () => {
    const { json } = await testApp().get('/openapi.json');
    const config = await createConfig({
      extends: ['recommended'],
      rules: {
        // Probes have nothing to refuse; the server is wherever the document was fetched from.
        'operation-4xx-response': 'off',
        'no-server-example.com': 'off',
      },
    });
    const problems = await lintFromString({ source: JSON.stringify(json), config });
    assert.deepEqual(
      problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`),
      [],
    );
  });

  it('has no paths that only the slow router can tell apart', async () => {
    const { app, get } = testApp();
    await get('/healthz');
    assert.equal(app.router.name, 'SmartRouter + RegExpRouter');
  });

  it('describes every route of the service', async () => {
    const { json } = await testApp().get('/openapi.json');
    assert.deepEqual(Object.keys(json.paths).sort(), [
      '/agents/execute',
      '/codec/{tenant}/decode',
      '/codec/{tenant}/encode',
      '/d/{token}',
      '/healthz',
      '/metrics',
      '/readyz',
      '/v1/approvals',
      '/v1/batches',
      '/v1/batches/{batchId}',
      '/v1/batches/{batchId}/cancel',
      '/v1/batches/{batchId}/results',
      '/v1/caller',
      '/v1/crews',
      '/v1/crews/{name}',
      '/v1/crews/{name}/versions',
      '/v1/crews:validate',
      '/v1/keys',
      '/v1/keys/{keyId}',
      '/v1/runs',
      '/v1/runs/{runId}',
      '/v1/runs/{runId}/approvals/{approvalId}',
      '/v1/runs/{runId}/approvals/{approvalId}/links',
      '/v1/runs/{runId}/artifacts',
      '/v1/runs/{runId}/artifacts/{path}',
      '/v1/runs/{runId}/cancel',
      '/v1/runs/{runId}/events',
      '/v1/runs/{runId}/fork',
      '/v1/runs/{runId}/messages',
      '/v1/runs/{runId}/result',
      '/v1/runs/{runId}/retry',
      '/v1/runs/{runId}/stop',
      '/v1/runs/{runId}/tasks/{taskId}/output',
      '/v1/schedules',
      '/v1/schedules/{id}',
      '/v1/schedules/{id}/backfill',
      '/v1/schedules/{id}/pause',
      '/v1/schedules/{id}/resume',
      '/v1/schedules/{id}/trigger',
      '/v1/webhooks',
      '/v1/webhooks/{webhookId}',
      '/v1/webhooks/{webhookId}/deliveries',
      '/v1/webhooks/{webhookId}/deliveries/{deliveryId}',
      '/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay',
      '/v1/webhooks/{webhookId}/ping',
      '/v1/webhooks/{webhookId}/replay',
      '/v1/webhooks/{webhookId}/rotate',
    ]);
  });

  it('says what a body may hold, and that nothing else may be in it', async () => {
    const { json } = await testApp().get('/openapi.json');
    const { ExecuteRequest, Decision } = json.components.schemas;
    assert.equal(ExecuteRequest.additionalProperties, false);
    assert.deepEqual(ExecuteRequest.required, ['workflow_id']);
    assert.deepEqual(Decision.properties.action.enum, ['approve', 'reject', 'edit', 'skip', 'abort']);
  });
});
