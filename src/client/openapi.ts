/* eslint-disable max-lines, @typescript-eslint/no-redundant-type-constituents */
/** The HTTP interface as types, made of the OpenAPI document by `npm run client:types`. Not edited by hand. */

export interface paths {
  '/codec/{tenant}/decode': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Decrypt payloads of a tenant
     * @description Temporal's codec server: give `/codec/{tenant}` to the Temporal UI, or to `temporal --codec-endpoint`. Payloads of other tenants come back as they are. 404 where nothing is encrypted.
     */
    post: operations['decodePayloads'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/codec/{tenant}/encode': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Encrypt payloads for a tenant
     * @description What the Temporal UI and CLI send to a run.
     */
    post: operations['encodePayloads'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/agents/execute': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run a crew and wait for its result
     * @description Answers 200 with the result, or 202 with where to look when the run takes longer than the wait (`Prefer: wait=N`).
     */
    post: operations['executeAgents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Runs: open ones first, newest first; then those that ended, the last first
     * @description From Temporal visibility: a row may be a moment behind the run itself.
     */
    get: operations['listRuns'];
    put?: never;
    /** Start a run of a crew */
    post: operations['startRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A run: its tasks, outputs, approvals, usage, result
     * @description Outputs that lie in the store are filled in, up to 1,000,000 characters together; what is over has its `outputRef` alone, and is read from its own address.
     */
    get: operations['getRun'];
    put?: never;
    post?: never;
    /**
     * End a run hard
     * @description At once, whatever it does, with no last event; for a run that nothing else ends. Its history stays as long as others.
     */
    delete: operations['terminateRun'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A run's events, as they happen
     * @description First a `snapshot` (the run), then each run event once and in the order of `seq`, then `end` with its status. As server-sent
     *     events, `id` is `<runId>:<seq>`, `event` the type and `data` the whole event; a comment at least every 15 s. With
     *     `Accept: application/x-ndjson` each line is a JSON object with a `type`: a run event, or `snapshot` (with `run`), `end`, `dropped`,
     *     `heartbeat`. `dropped` says that there is no more though the run goes on: `slow` readers resume from their last event.
     *     Runs that ended long ago are streamed too. Where the reader has all of a run that has ended: 204.
     */
    get: operations['streamRunEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/approvals/{approvalId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Decide an approval
     * @description Answers at once with the decision, or why it was refused. With `Prefer: respond-async` the decision is sent as a plain signal and 202 says only that it was sent.
     */
    post: operations['decideApproval'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/approvals': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The inbox: open approvals of all runs
     * @description Those of the newest run first. From Temporal visibility: a row may be a moment behind the run itself. Of a run that waits for more than 20 decisions at once, 20 are listed, and `incomplete` names the run.
     */
    get: operations['listApprovals'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End a run now
     * @description Calls in flight are aborted at their providers. Finished outputs stay; the run ends as `cancelled`.
     */
    post: operations['cancelRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/stop': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End a run when what runs is finished
     * @description Running tasks finish, nothing new is begun, open approvals are withdrawn. Finished outputs stay; the run ends as `stopped`.
     */
    post: operations['stopRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/result': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a run gave, waiting for it where it is asked to */
    get: operations['getRunResult'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say something to a running crew
     * @description The named agent, or every agent, is told with its next model call.
     */
    post: operations['sendMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/fork': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Run again from a task
     * @description A new run that takes over every output but that of the task and of those that depend on it. Nothing that is taken over is paid for again. The parent stays as it is.
     */
    post: operations['forkRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Run again from the first task that failed */
    post: operations['retryRun'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/approvals/{approvalId}/links': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a one-time link for somebody with no account
     * @description Whoever has the link can decide this approval, once. Opening it shows a form and decides nothing, so that previews of links do no harm.
     */
    post: operations['createApprovalLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/d/{token}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The form of a one-time link */
    get: operations['showDecisionForm'];
    put?: never;
    /** Decide by a one-time link */
    post: operations['sendDecisionForm'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/artifacts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The artifacts of a run: outputs of tasks with an output_file */
    get: operations['listArtifacts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/artifacts/{path}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The content of an artifact
     * @description Slashes in the path may be left as they are, or written as %2F.
     */
    get: operations['readArtifact'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/runs/{runId}/tasks/{taskId}/output': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A task's output as a text, however long */
    get: operations['readTaskOutput'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Batches: open ones first, newest first; then those that ended, the last first */
    get: operations['listBatches'];
    put?: never;
    /**
     * Run one crew with many inputs
     * @description Every item is checked before anything is started. A batch goes on whatever becomes of the gateway.
     */
    post: operations['startBatch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches/{batchId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A batch and how far it is */
    get: operations['getBatch'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches/{batchId}/results': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The results, one line an item, in order
     * @description As they are now: an item that has not ended has its status alone. Lines are sent as they are read.
     */
    get: operations['readBatchResults'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/batches/{batchId}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Start no more, and cancel what is open */
    post: operations['cancelBatch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All schedules */
    get: operations['listSchedules'];
    put?: never;
    /**
     * Run a crew at given times
     * @description A crew without a version is the newest one when the schedule fires.
     */
    post: operations['createSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A schedule: its next times and its last runs */
    get: operations['getSchedule'];
    put?: never;
    post?: never;
    /** Delete a schedule; its runs stay */
    delete: operations['deleteSchedule'];
    options?: never;
    head?: never;
    /** Change a schedule */
    patch: operations['changeSchedule'];
    trace?: never;
  };
  '/v1/schedules/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Let it rest */
    post: operations['pauseSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Let it fire again */
    post: operations['resumeSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules/{id}/trigger': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Fire now */
    post: operations['triggerSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/schedules/{id}/backfill': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Fire for times that have passed */
    post: operations['backfillSchedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The endpoints of your tenant, the oldest first */
    get: operations['listWebhooks'];
    put?: never;
    /**
     * Register an endpoint that events of runs are sent to
     * @description Signed as Standard Webhooks 1.0 has it. The secret is in this answer, and in no other.
     */
    post: operations['createWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhookId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An endpoint: what it hears of, and whether it takes it */
    get: operations['getWebhook'];
    put?: never;
    post?: never;
    /** Delete an endpoint, with what waits for it and its log */
    delete: operations['deleteWebhook'];
    options?: never;
    head?: never;
    /** Change an endpoint, or switch it on or off */
    patch: operations['changeWebhook'];
    trace?: never;
  };
  '/v1/webhooks/{webhookId}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A new secret
     * @description Deliveries are signed with the new and the older ones until the overlap is over.
     */
    post: operations['rotateWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhookId}/ping': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send an event of type `webhook.ping`
     * @description It is delivered like any other; what came of it is in the log.
     */
    post: operations['pingWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhookId}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What was sent, the newest first, with each try */
    get: operations['listWebhookDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhookId}/deliveries/{deliveryId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A delivery, with its body */
    get: operations['getWebhookDelivery'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Deliver once more, whatever became of it
     * @description With the same `webhook-id` and body. Where the endpoint is switched off, it waits until it is on.
     */
    post: operations['replayWebhookDelivery'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhooks/{webhookId}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Deliver all that failed once more */
    post: operations['replayFailedWebhookDeliveries'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/crews': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The crews and the inputs they take
     * @description The operator's files and what is stored, each in its newest version.
     */
    get: operations['listCrews'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/crews/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A crew with its definition */
    get: operations['getCrew'];
    /**
     * Store a definition as a new version of a crew
     * @description Versions never change and count from 1. What is stored already, in any version, is answered with that version and 200.
     */
    put: operations['putCrew'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/crews/{name}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The versions of a crew, newest first */
    get: operations['listCrewVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/crews:validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What a definition would do, or what is wrong with it
     * @description Stores nothing. An invalid definition is answered with 200 and `valid: false`: the question was answered. 422 means that the request itself is not one.
     */
    post: operations['validateCrew'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The API keys of your tenant, the newest first */
    get: operations['listKeys'];
    put?: never;
    /**
     * Make an API key
     * @description Of your tenant, with scopes and limits that are within yours. Every call makes another one.
     */
    post: operations['createKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys/{keyId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revoke an API key
     * @description At once here, and within 2 s on other gateways. Requests that are being answered go on.
     */
    delete: operations['revokeKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/caller': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who you are here, and what you may do */
    get: operations['getCaller'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether this process is alive */
    get: operations['healthz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether runs can be started and will be worked on */
    get: operations['readyz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What this gateway measured, for Prometheus */
    get: operations['metrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /**
     * @example {
     *       "payloads": [
     *         {
     *           "metadata": {
     *             "encoding": "anNvbi9wbGFpbg=="
     *           },
     *           "data": "InRlYSI="
     *         }
     *       ]
     *     }
     */
    Payloads: {
      /** @default [] */
      payloads?: components['schemas']['Payload'][];
    };
    Payload: {
      /** @description Values are base64 */
      metadata?: {
        [key: string]: string;
      };
      /** @description base64 */
      data?: string;
    };
    Problem: {
      type: string;
      title: string;
      status: number;
      /** @description Stable; what programs go by */
      code: string;
      detail: string;
      requestId: string;
      errors?: components['schemas']['ErrorLine'][];
      failure?: components['schemas']['Failure'];
      runId?: string;
      approval?: components['schemas']['Approval'];
    };
    ErrorLine: {
      path: string;
      message: string;
      /** @description Where it was read from YAML: from 1 */
      line?: number;
      column?: number;
    };
    Failure: {
      /**
       * @description Stable, dotted: what failed, then how
       * @example Model.RateLimited
       */
      code: string;
      message: string;
      taskId?: string;
    };
    Approval: {
      id: string;
      /** @enum {string} */
      kind: 'task_output' | 'tool_call' | 'budget';
      taskId: string;
      attempt: number;
      /** @description What the person decides on; empty where `shownRef` alone has it */
      shown: string;
      shownRef?: components['schemas']['TextRef'];
      /** @description What the definition asks, in words */
      question?: string;
      /** @description Who is asked; absent: anybody */
      assignees?: string[];
      /** @description With tool_call: the call as the model wants it */
      tool?: {
        name: string;
        arguments?: {
          [key: string]: unknown;
        };
      };
      /** @description A JSON Schema, or the name of one of the operator */
      answerSchema?:
        | string
        | {
            [key: string]: unknown;
          };
      /** @description A JSON Schema, or the name of one of the operator */
      outputSchema?:
        | string
        | {
            [key: string]: unknown;
          };
      argumentsSchema?: {
        [key: string]: unknown;
      };
      actions: components['schemas']['ApprovalAction'][];
      /** @enum {string} */
      status: 'open' | 'decided' | 'expired' | 'withdrawn';
      /** Format: date-time */
      requestedAt: string;
      /** Format: date-time */
      deadline?: string;
      /** @enum {string} */
      onDeadline?: 'approve' | 'reject' | 'skip' | 'abort';
      escalations?: {
        /** Format: date-time */
        at: string;
        notify: string[];
        /** @enum {boolean} */
        done?: true;
      }[];
      decision?: components['schemas']['ApprovalDecision'];
    };
    TextRef: {
      /** @description SHA-256 (hex) of the text */
      ref: string;
      chars: number;
    };
    /** @enum {string} */
    ApprovalAction: 'approve' | 'reject' | 'edit' | 'skip' | 'abort';
    ApprovalDecision: {
      action: components['schemas']['ApprovalAction'];
      by: string;
      /** @description True where nobody checked who `by` is */
      byClaimed: boolean;
      /** Format: date-time */
      at: string;
      /** @enum {string} */
      via: 'http' | 'signal' | 'link' | 'event' | 'deadline';
      feedback?: string;
      output?: string;
      outputRef?: components['schemas']['TextRef'];
      arguments?: {
        [key: string]: unknown;
      };
      answer?: unknown;
    };
    ExecuteResult: {
      /** @enum {string} */
      status: 'success';
      result: {
        /** @description The last task's text */
        summary: string;
        /** @description The same as JSON, where the task has an output_schema */
        json?: unknown;
      };
      workflow_id: string;
      run_id: string;
      crew: string;
      links: {
        run: string;
        temporal_ui?: string;
      };
      usage: {
        input_tokens: number;
        output_tokens: number;
        calls: number;
      };
    };
    ExecutePending: {
      /**
       * @description Not over; the run itself says whether it waits for a person
       * @enum {string}
       */
      status: 'running';
      workflow_id: string;
      run_id: string;
      crew: string;
      links: {
        run: string;
        temporal_ui?: string;
      };
    };
    /**
     * @example {
     *       "workflow_id": "test123",
     *       "parameters": {
     *         "topic": "AI"
     *       }
     *     }
     */
    ExecuteRequest: {
      /** @description The caller's label for the call; no duplicate check is made on it */
      workflow_id: string;
      /**
       * @description The crew's inputs
       * @default {}
       * @example {
       *       "topic": "AI"
       *     }
       */
      parameters?: {
        [key: string]: unknown;
      };
      /**
       * @description The crew to run, or `name@version`; absent: workflow_id where it is the name of a crew, else the default
       * @example research-summary
       */
      crew?: string;
      /** @description Webhook endpoints that hear of this run, beside those that hear of every run */
      webhooks?: string[];
    };
    Run: {
      runId: string;
      crew: components['schemas']['CrewRef'];
      /** @enum {string} */
      status:
        | 'queued'
        | 'running'
        | 'waiting_human'
        | 'completed'
        | 'failed'
        | 'cancelled'
        | 'stopped'
        | 'timed_out'
        | 'terminated';
      label?: string;
      /** @description The run that this one was forked from */
      parentRunId?: string;
      /** Format: date-time */
      startedAt: string;
      /** Format: date-time */
      endedAt?: string;
      links: components['schemas']['Links'];
      inputs: {
        [key: string]: string | number | boolean;
      };
      tasks: components['schemas']['Task'][];
      approvals: components['schemas']['Approval'][];
      usage: components['schemas']['Usage'];
      /** @description Usage by agent, delegated work included */
      agents: {
        [key: string]: components['schemas']['Usage'];
      };
      /** @description Usage by model */
      models: {
        [key: string]: components['schemas']['Usage'];
      };
      result?: {
        /** @description The last task's output */
        output: string;
        outputRef?: components['schemas']['TextRef'] & unknown;
        /**
         * @description The output is JSON by the task's schema
         * @enum {string}
         */
        format?: 'json';
        /** @description The output as JSON */
        json?: unknown;
      };
      error?: components['schemas']['Failure'];
      /** @description The task that the fork began again with */
      forkedFromTask?: string;
      messages?: components['schemas']['Message'][];
      lastSeq: number;
      /** @description Calls that failed and will be made again */
      retrying: {
        /** @example research/model/1 */
        activityId: string;
        attempts: number;
        lastFailure: {
          code: string;
          message: string;
        };
        /** Format: date-time */
        nextTryAt?: string;
      }[];
    };
    CrewRef: {
      name: string;
      version: string;
      /** @description SHA-256 (hex) of the parsed, defaulted definition */
      digest: string;
    };
    Links: {
      self: string;
      /** @description The run in the Temporal UI */
      temporalUi?: string;
    };
    Task: {
      id: string;
      agent: string;
      role: string;
      /** @enum {string} */
      status: 'pending' | 'running' | 'waiting_human' | 'completed' | 'failed' | 'skipped' | 'cancelled';
      attempt: number;
      output?: string;
      outputRef?: components['schemas']['TextRef'] & unknown;
      /**
       * @description The output is JSON by the task's schema
       * @enum {string}
       */
      format?: 'json';
      /** @description The output as JSON */
      json?: unknown;
      /** @description The output under a name: /v1/runs/{runId}/artifacts/{path} */
      artifact?: {
        path: string;
        ref: components['schemas']['TextRef'];
      };
      usage: components['schemas']['Usage'];
      attempts: components['schemas']['Attempt'][];
      context?: components['schemas']['ContextLoss'][];
      /** @description Of its own conversation, that the agent lost sight of */
      leftOutChars?: number;
      review?: {
        accepted: boolean;
        reasons: string;
      };
      /** @enum {string} */
      skipped?: 'condition' | 'dependency' | 'person';
      /** @description What the person who approved it answered */
      answer?: unknown;
      /** @description The run that a forked one took the output over from */
      keptFrom?: string;
      error?: components['schemas']['Failure'];
      /** Format: date-time */
      startedAt?: string;
      /** Format: date-time */
      endedAt?: string;
    };
    Usage: {
      inputTokens: number;
      outputTokens: number;
      /** @description The part of inputTokens that the provider read from its cache */
      cachedInputTokens: number;
      /** @description The part of outputTokens that was spent on reasoning */
      reasoningTokens: number;
      /** @description Model calls that were answered */
      calls: number;
      /** @description Model calls that the provider refused or broke off */
      failedCalls: number;
      /** @description Model calls that were cut with the worker: perhaps paid for */
      unknownCalls: number;
      /** @description By the prices that were configured when the run started; 0 without */
      usd: number;
      /** @description Wall time of the answered calls */
      durationMs: number;
    };
    Attempt: {
      attempt: number;
      usage: components['schemas']['Usage'];
      /** @description Why another attempt followed */
      sentBack?: {
        /** @enum {string} */
        by: 'person' | 'guardrail' | 'manager';
        reason: string;
      };
    };
    /** @description An output that was not passed on whole: it did not fit the model's window */
    ContextLoss: {
      taskId: string;
      chars: number;
      givenChars: number;
      /** @enum {string} */
      how: 'clipped' | 'summarized' | 'left_out';
    };
    Message: {
      id: string;
      /** @description The agent's key; absent: every agent */
      agent?: string;
      by: string;
      text: string;
      /** Format: date-time */
      at: string;
      /** @description Keys of the agents that were told */
      deliveredTo: string[];
    };
    RunRow: {
      runId: string;
      crew: components['schemas']['CrewRef'];
      /** @enum {string} */
      status:
        | 'queued'
        | 'running'
        | 'waiting_human'
        | 'completed'
        | 'failed'
        | 'cancelled'
        | 'stopped'
        | 'timed_out'
        | 'terminated';
      label?: string;
      /** @description The run that this one was forked from */
      parentRunId?: string;
      /** Format: date-time */
      startedAt: string;
      /** Format: date-time */
      endedAt?: string;
      links: components['schemas']['Links'];
    };
    StartRunRequest: {
      /**
       * @description The newest version of a crew, or `name@version`: a number, or the first 8 or more hex digits of a digest
       * @example research-summary
       */
      crew: string;
      /**
       * @default {}
       * @example {
       *       "topic": "AI"
       *     }
       */
      inputs?: {
        [key: string]: unknown;
      };
      /** @description The caller's own word for the run; runs can be listed by it */
      label?: string;
      /**
       * Format: date-time
       * @description The run waits for this time, as `queued`
       */
      startAfter?: string;
      /**
       * @description Runs of one thread go one after the other
       * @example customer-17
       */
      thread?: string;
      /**
       * @description Where the thread is busy: 409 (`reject`, the default), wait for its turn, or cancel the runs before it
       * @enum {string}
       */
      onBusy?: 'reject' | 'enqueue' | 'cancelPrevious';
      /** @description Webhook endpoints that hear of this run, beside those that hear of every run */
      webhooks?: string[];
    };
    RunList: {
      runs: components['schemas']['RunRow'][];
      nextCursor?: string;
    };
    DecisionSent: {
      /** @enum {string} */
      status: 'sent';
    };
    /**
     * @example {
     *       "action": "reject",
     *       "by": "ada",
     *       "feedback": "Shorter, and name the source."
     *     }
     */
    Decision: {
      /** @enum {string} */
      action: 'approve' | 'reject' | 'edit' | 'skip' | 'abort';
      /** @description Who decides. Where callers are authenticated: the caller, and no other name is taken; else a claim, absent: anonymous */
      by?: string;
      /** @description For reject: what the agent shall do differently */
      feedback?: string;
      /** @description For edit: the person's output; JSON where the task has an output schema */
      output?: string;
      /** @description For edit of a tool call: what it shall be made with */
      arguments?: {
        [key: string]: unknown;
      };
      /** @description With approve, where the approval has an answerSchema */
      answer?: unknown;
    };
    Inbox: {
      approvals: components['schemas']['InboxEntry'][];
      /** @description Runs that have more than is listed */
      incomplete?: string[];
      nextCursor?: string;
    };
    InboxEntry: {
      id: string;
      /** @enum {string} */
      kind: 'task_output' | 'tool_call' | 'budget';
      taskId: string;
      attempt: number;
      actions: components['schemas']['ApprovalAction'][];
      /** Format: date-time */
      requestedAt: string;
      /** Format: date-time */
      deadline?: string;
      runId: string;
      crew: string;
      /** @description The run's */
      label?: string;
      /** @description Clipped where it is long */
      question?: string;
      /** @description The first, where there are many */
      assignees?: string[];
      links: components['schemas']['Links'] & {
        run: string;
      };
    };
    EndRequested: {
      runId: string;
      /** @enum {string} */
      status: 'cancelling' | 'stopping';
    };
    EndRequest: {
      /** @description Who wants it. Where callers are authenticated: the caller, and no other name is taken; else a claim, absent: anonymous */
      by?: string;
      /** @description Why, for whoever looks at the history */
      reason?: string;
    };
    RunResult: {
      runId: string;
      /** @enum {string} */
      status:
        | 'queued'
        | 'running'
        | 'waiting_human'
        | 'completed'
        | 'failed'
        | 'cancelled'
        | 'stopped'
        | 'timed_out'
        | 'terminated';
      /** @description The last task's output */
      output?: string;
      /** @description The output as JSON, where its task has a schema */
      json?: unknown;
      error?: components['schemas']['Failure'];
    };
    /**
     * @example {
     *       "agent": "writer",
     *       "text": "The release was moved to May.",
     *       "by": "ada"
     *     }
     */
    MessageRequest: {
      /** @description What the agent shall know */
      text: string;
      /** @description The key of the agent; absent: every agent */
      agent?: string;
      /** @description Who says it. Where callers are authenticated: the caller, and no other name is taken; else a claim, absent: anonymous */
      by?: string;
    };
    /**
     * @example {
     *       "fromTask": "summarize",
     *       "overrides": {
     *         "agents": {
     *           "writer": {
     *             "goal": "Write shorter."
     *           }
     *         }
     *       }
     *     }
     */
    ForkRequest: {
      /** @description This task and those that read its output are done again */
      fromTask: string;
      /** @description Instead of the parent's, those that are named */
      inputs?: {
        [key: string]: unknown;
      };
      overrides?: {
        /** @description Merge patches (RFC 7396) of the definition's agents */
        agents?: {
          [key: string]: unknown;
        };
        /** @description Merge patches (RFC 7396) of the definition's tasks */
        tasks?: {
          [key: string]: unknown;
        };
        /** @description Merge patches (RFC 7396) of the definition's budget */
        budget?: {
          [key: string]: unknown;
        };
      };
      /** @description Outputs that are taken over otherwise than they were */
      edits?: {
        [key: string]: string;
      };
      label?: string;
      /** @description Webhook endpoints that hear of this run. Absent: those that the parent's start named, as far as they are still there; an empty list: none */
      webhooks?: string[];
    };
    RetryRequest: {
      /** @description Instead of the parent's, those that are named */
      inputs?: {
        [key: string]: unknown;
      };
      overrides?: {
        /** @description Merge patches (RFC 7396) of the definition's agents */
        agents?: {
          [key: string]: unknown;
        };
        /** @description Merge patches (RFC 7396) of the definition's tasks */
        tasks?: {
          [key: string]: unknown;
        };
        /** @description Merge patches (RFC 7396) of the definition's budget */
        budget?: {
          [key: string]: unknown;
        };
      };
      /** @description Outputs that are taken over otherwise than they were */
      edits?: {
        [key: string]: string;
      };
      label?: string;
      /** @description Webhook endpoints that hear of this run. Absent: those that the parent's start named, as far as they are still there; an empty list: none */
      webhooks?: string[];
    };
    ApprovalLink: {
      url: string;
      /** Format: date-time */
      expiresAt: string;
    };
    /**
     * @example {
     *       "by": "carla@example.com",
     *       "actions": [
     *         "approve",
     *         "reject"
     *       ],
     *       "expiresInSeconds": 86400
     *     }
     */
    LinkRequest: {
      /** @description Who is given the link: the decision is theirs */
      by: string;
      /** @description What they may do; absent: whatever the approval takes */
      actions?: ('approve' | 'reject' | 'edit' | 'skip' | 'abort')[];
      /** @default 259200 */
      expiresInSeconds?: number;
    };
    DecisionForm: {
      action?: string;
      feedback?: string;
      output?: string;
      /** @description JSON */
      arguments?: string;
      /** @description JSON, or a text */
      answer?: string;
    };
    ArtifactList: {
      artifacts: components['schemas']['Artifact'][];
    };
    Artifact: {
      /** @example reports/tea.md */
      path: string;
      taskId: string;
      /** @description Length in UTF-16 code units */
      chars: number;
      /** @enum {string} */
      contentType: 'text/markdown' | 'application/json' | 'text/plain';
      links: {
        self: string;
      };
    };
    BatchRow: {
      batchId: string;
      crew: components['schemas']['CrewRef'];
      label?: string;
      /** @enum {string} */
      status: 'running' | 'cancelling' | 'cancelled' | 'completed';
      total: number;
      /** Format: date-time */
      startedAt: string;
      /** Format: date-time */
      endedAt?: string;
      links: {
        self: string;
        results: string;
      };
    };
    StartBatchRequest: {
      /**
       * @description The newest version of a crew, or `name@version`: a number, or the first 8 or more hex digits of a digest
       * @example research-summary
       */
      crew: string;
      /**
       * @example [
       *       {
       *         "inputs": {
       *           "topic": "tea"
       *         }
       *       },
       *       {
       *         "inputs": {
       *           "topic": "coffee"
       *         }
       *       }
       *     ]
       */
      items: {
        /** @default {} */
        inputs?: {
          [key: string]: unknown;
        };
        label?: string;
      }[];
      /**
       * @description Runs that are open at the same time
       * @default 5
       */
      maxConcurrent?: number;
      label?: string;
      /** @description Webhook endpoints that hear of this run, beside those that hear of every run */
      webhooks?: string[];
    };
    BatchList: {
      batches: components['schemas']['BatchRow'][];
      nextCursor?: string;
    };
    Batch: {
      batchId: string;
      crew: components['schemas']['CrewRef'];
      label?: string;
      /** @enum {string} */
      status: 'running' | 'cancelling' | 'cancelled' | 'completed';
      total: number;
      /** Format: date-time */
      startedAt: string;
      /** Format: date-time */
      endedAt?: string;
      links: {
        self: string;
        results: string;
      };
      maxConcurrent: number;
      counts: components['schemas']['BatchCounts'];
      /** @description Items whose run could not be started */
      errors: {
        index: number;
        error: components['schemas']['Failure'];
      }[];
    };
    BatchCounts: {
      queued: number;
      running: number;
      completed: number;
      failed: number;
      cancelled: number;
      stopped: number;
      timed_out: number;
      terminated: number;
      /** @description Never started, as the batch was cancelled */
      skipped: number;
    };
    BatchResult: {
      index: number;
      runId?: string;
      /** @enum {string} */
      status:
        | 'queued'
        | 'running'
        | 'waiting_human'
        | 'completed'
        | 'failed'
        | 'cancelled'
        | 'stopped'
        | 'timed_out'
        | 'terminated'
        | 'skipped';
      output?: string;
      /** @description The output, where it is JSON */
      json?: unknown;
      error?: components['schemas']['Failure'];
    };
    BatchCancelled: {
      batchId: string;
    };
    Schedule: {
      id: string;
      crew: string;
      inputs: {
        [key: string]: string | number | boolean;
      };
      label?: string;
      cron?: string[];
      intervals?: {
        everySeconds: number;
        offsetSeconds?: number;
      }[];
      timeZone?: string;
      startAt?: string;
      endAt?: string;
      jitterSeconds?: number;
      /**
       * @description Where the run before has not ended: leave this one out, let one or all wait, end the other, or run both
       * @enum {string}
       */
      overlap: 'skip' | 'bufferOne' | 'bufferAll' | 'cancelOther' | 'terminateOther' | 'allowAll';
      catchupWindowSeconds?: number;
      paused: boolean;
      note?: string;
      webhooks?: string[];
      nextTimes: string[];
      recentRuns: {
        runId: string;
        /** Format: date-time */
        scheduledAt: string;
        /** Format: date-time */
        startedAt: string;
        /**
         * @description `missing`: it could not be started, or is not kept any more
         * @enum {string}
         */
        status:
          | 'open'
          | 'missing'
          | 'queued'
          | 'running'
          | 'waiting_human'
          | 'completed'
          | 'failed'
          | 'cancelled'
          | 'stopped'
          | 'timed_out'
          | 'terminated';
        error?: components['schemas']['Failure'];
        links: {
          self: string;
        };
      }[];
      fired: number;
      /** @description The run before had not ended */
      skipped: number;
      /** @description It was too late to start */
      missed: number;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt?: string;
      links: {
        self: string;
      };
    };
    CreateScheduleRequest: {
      /**
       * @description Its runs are named by it; absent: a new one
       * @example nightly
       */
      id?: string;
      /**
       * @description The newest version of a crew, or `name@version`: a number, or the first 8 or more hex digits of a digest
       * @example research-summary
       */
      crew: string;
      /**
       * @default {}
       * @example {
       *       "topic": "AI"
       *     }
       */
      inputs?: {
        [key: string]: unknown;
      };
      label?: string;
      /**
       * @example [
       *       "0 2 * * *"
       *     ]
       */
      cron?: string[];
      intervals?: {
        everySeconds: number;
        offsetSeconds?: number;
      }[];
      /** @description Of the cron expressions; UTC by default */
      timeZone?: string;
      /** Format: date-time */
      startAt?: string;
      /** Format: date-time */
      endAt?: string;
      /** @description Each start is late by up to so much */
      jitterSeconds?: number;
      /**
       * @description Where the run before has not ended: leave this one out, let one or all wait, end the other, or run both
       * @default skip
       * @enum {string}
       */
      overlap?: 'skip' | 'bufferOne' | 'bufferAll' | 'cancelOther' | 'terminateOther' | 'allowAll';
      /** @description How late a missed start is made; an hour by default */
      catchupWindowSeconds?: number;
      /** @default false */
      paused?: boolean;
      note?: string;
      /** @description Webhook endpoints that hear of this run, beside those that hear of every run */
      webhooks?: string[];
    };
    ScheduleList: {
      schedules: components['schemas']['ScheduleRow'][];
    };
    ScheduleRow: {
      id: string;
      /** @description The crew's name */
      crew: string;
      paused: boolean;
      note?: string;
      nextTimes: string[];
      links: {
        self: string;
      };
    };
    /** @description What is named is replaced, what is null taken away */
    PatchScheduleRequest: {
      /**
       * @description The newest version of a crew, or `name@version`: a number, or the first 8 or more hex digits of a digest
       * @example research-summary
       */
      crew?: string;
      inputs?: {
        [key: string]: unknown;
      };
      label?: string | null;
      cron?: string[] | null;
      intervals?:
        | {
            everySeconds: number;
            offsetSeconds?: number;
          }[]
        | null;
      timeZone?: string | null;
      /** Format: date-time */
      startAt?: string | null;
      /** Format: date-time */
      endAt?: string | null;
      jitterSeconds?: number | null;
      /**
       * @description Where the run before has not ended: leave this one out, let one or all wait, end the other, or run both
       * @enum {string}
       */
      overlap?: 'skip' | 'bufferOne' | 'bufferAll' | 'cancelOther' | 'terminateOther' | 'allowAll';
      catchupWindowSeconds?: number;
      /** @description Webhook endpoints that hear of this run, beside those that hear of every run */
      webhooks?: string[] | null;
    };
    ScheduleAccepted: {
      id: string;
    };
    ScheduleNote: {
      note?: string;
    };
    TriggerScheduleRequest: {
      /**
       * @description Where the run before has not ended: leave this one out, let one or all wait, end the other, or run both
       * @enum {string}
       */
      overlap?: 'skip' | 'bufferOne' | 'bufferAll' | 'cancelOther' | 'terminateOther' | 'allowAll';
    };
    BackfillScheduleRequest: {
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
      /**
       * @description `bufferAll` by default: one after the other
       * @enum {string}
       */
      overlap?: 'skip' | 'bufferOne' | 'bufferAll' | 'cancelOther' | 'terminateOther' | 'allowAll';
    };
    CreatedWebhook: components['schemas']['Webhook'] & {
      /**
       * @description What deliveries are signed with. It is shown here, and not again
       * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
       */
      secret: string;
    };
    Webhook: {
      id: string;
      url: string;
      description?: string;
      events: string[];
      global: boolean;
      enabled: boolean;
      /** @description Why the service switched it off */
      disabledReason?: string;
      /**
       * Format: date-time
       * @description Nothing was taken since, though it was tried
       */
      failingSince?: string;
      /**
       * Format: date-time
       * @description Until then older secrets sign too
       */
      oldSecretUntil?: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      updatedAt: string;
      links: {
        self: string;
      };
    };
    CreateWebhookRequest: {
      /** @example https://example.com/hooks/crews */
      url: string;
      description?: string;
      /**
       * @description `*`, groups such as `run.*`, and types
       * @default [
       *       "run.*",
       *       "approval.*"
       *     ]
       * @example [
       *       "run.*",
       *       "approval.requested"
       *     ]
       */
      events?: string[];
      /**
       * @description True: it hears of every run of the tenant. False: of runs whose start names it in `webhooks`
       * @default true
       */
      global?: boolean;
      /** @default true */
      enabled?: boolean;
    };
    WebhookList: {
      webhooks: components['schemas']['Webhook'][];
    };
    /** @description What is named is replaced; a description that is null, taken away */
    PatchWebhookRequest: {
      /** @example https://example.com/hooks/crews */
      url?: string;
      description?: string | null;
      /**
       * @description `*`, groups such as `run.*`, and types
       * @example [
       *       "run.*",
       *       "approval.requested"
       *     ]
       */
      events?: string[];
      /** @description True: it hears of every run of the tenant. False: of runs whose start names it in `webhooks` */
      global?: boolean;
      /** @description True also forgets why it was switched off; what waits for it is delivered */
      enabled?: boolean;
    };
    RotatedWebhook: {
      id: string;
      /**
       * @description What deliveries are signed with. It is shown here, and not again
       * @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD
       */
      secret: string;
      /** Format: date-time */
      oldSecretUntil: string;
    };
    RotateWebhookRequest: {
      /**
       * @description How long older secrets sign too; a day by default
       * @default 86400
       */
      overlapSeconds?: number;
    };
    WebhookDelivery: {
      /** @description The header `webhook-id`: the same at each try */
      id: string;
      webhookId: string;
      eventId: string;
      eventType: string;
      /** @description Absent: a ping */
      runId?: string;
      /** @enum {string} */
      status: 'pending' | 'delivered' | 'failed';
      /** @description The last 50, the oldest first */
      attempts: {
        /** Format: date-time */
        at: string;
        durationMs: number;
        /** @description Of the answer; absent: there was none */
        status?: number;
        /** @description Its beginning */
        answer?: string;
        /** @description Why there was no answer */
        error?: string;
      }[];
      /** Format: date-time */
      nextTryAt?: string;
      /** Format: date-time */
      createdAt: string;
      links: {
        self: string;
      };
    };
    WebhookDeliveryList: {
      deliveries: components['schemas']['WebhookDelivery'][];
      nextCursor?: string;
    };
    WholeWebhookDelivery: components['schemas']['WebhookDelivery'] & {
      /** @description What was, or will be, sent, byte for byte */
      body: string;
    };
    ReplayedDeliveries: {
      replayed: number;
    };
    ReplayFailedRequest: {
      /**
       * Format: date-time
       * @description Deliveries that were made at or after this time
       */
      since: string;
    };
    CrewList: {
      crews: components['schemas']['CrewSummary'][];
    };
    CrewSummary: {
      name: string;
      version: string;
      /** @description SHA-256 (hex) of the parsed, defaulted definition */
      digest: string;
      /**
       * @description The operator's file, or stored over this API
       * @enum {string}
       */
      source: 'file' | 'store';
      /**
       * Format: date-time
       * @description When this version was stored
       */
      createdAt?: string;
      links: {
        self: string;
      };
      description?: string;
      inputs: {
        [key: string]: {
          description?: string;
          /** @enum {string} */
          type: 'string' | 'number' | 'integer' | 'boolean';
          required: boolean;
          default?: string | number | boolean;
          maxLength: number;
        };
      };
    };
    Crew: components['schemas']['CrewSummary'] & {
      /** @description The definition as it runs, in snake_case */
      definition: {
        [key: string]: unknown;
      };
    };
    CrewVersionList: {
      versions: components['schemas']['CrewVersion'][];
    };
    CrewVersion: {
      name: string;
      version: string;
      /** @description SHA-256 (hex) of the parsed, defaulted definition */
      digest: string;
      /**
       * @description The operator's file, or stored over this API
       * @enum {string}
       */
      source: 'file' | 'store';
      /**
       * Format: date-time
       * @description When this version was stored
       */
      createdAt?: string;
      links: {
        self: string;
      };
    };
    CrewReport:
      | {
          /** @enum {boolean} */
          valid: true;
          crew: {
            name: string;
            digest: string;
          };
          explanation: components['schemas']['CrewExplanation'];
        }
      | {
          /** @enum {boolean} */
          valid: false;
          errors: components['schemas']['ErrorLine'][];
        };
    CrewExplanation: {
      name: string;
      /** @enum {string} */
      process: 'sequential' | 'parallel' | 'hierarchical';
      inputs: {
        name: string;
        /** @enum {string} */
        type: 'string' | 'number' | 'integer' | 'boolean';
        required: boolean;
        default?: string | number | boolean;
      }[];
      tasks: {
        id: string;
        /** @description Absent where the manager chooses */
        agent?: string;
        /** @description The tasks after which it starts */
        after: string[];
        /** @description The tasks whose outputs its agent reads */
        reads: string[];
        maxModelCalls: number | null;
      }[];
      /** @description Tasks by the earliest moment at which they can start: those of one stage together */
      stages: string[][];
      maxParallel: number;
      /** @description Answers that a run can pay for; null where that cannot be counted */
      maxModelCalls: number | null;
      minModelCalls: number;
      /** @description What the bounds stand on */
      assumptions: string[];
      /** @description What is right and probably not meant */
      warnings: {
        path: string;
        message: string;
      }[];
    };
    /**
     * @description A crew definition (docs/crews.md) as JSON, or as YAML text under the one key `yaml`
     * @example {
     *       "schemaVersion": 1,
     *       "name": "haiku",
     *       "inputs": {
     *         "topic": {}
     *       },
     *       "agents": {
     *         "poet": {
     *           "role": "Poet",
     *           "goal": "Write haiku",
     *           "backstory": "You count syllables."
     *         }
     *       },
     *       "tasks": {
     *         "write": {
     *           "description": "A haiku about {topic}",
     *           "expected_output": "Three lines",
     *           "agent": "poet"
     *         }
     *       }
     *     }
     */
    CrewDefinition: {
      [key: string]: unknown;
    };
    StoredCrew: components['schemas']['Crew'] & {
      /** @description False: a later version is what the name alone stands for */
      newest: boolean;
    };
    CreatedApiKey: components['schemas']['ApiKey'] & {
      /** @description The whole key. It is not kept, and not shown again */
      key: string;
    };
    ApiKey: {
      /**
       * @description The part of the key that is no secret: aos_<id>_…
       * @example 3k1x0q9z7abc
       */
      id: string;
      name: string;
      scopes: ('read' | 'run' | 'approve' | 'admin')[];
      rateLimitPerMinute?: number;
      maxOpenRuns?: number;
      createdBy: string;
      /** Format: date-time */
      createdAt: string;
      /** Format: date-time */
      expiresAt?: string;
      /** Format: date-time */
      revokedAt?: string;
      /**
       * Format: date-time
       * @description To a minute
       */
      lastUsedAt?: string;
    };
    /**
     * @example {
     *       "name": "reports",
     *       "scopes": [
     *         "read",
     *         "run"
     *       ]
     *     }
     */
    CreateKeyRequest: {
      /** @description Whose key it is: decisions and messages carry this name */
      name: string;
      scopes: ('read' | 'run' | 'approve' | 'admin')[];
      /**
       * Format: date-time
       * @description Absent: it is good until it is revoked
       */
      expiresAt?: string;
      /** @description Lower than the service's own limit */
      rateLimitPerMinute?: number;
      /** @description Lower than the service's own limit */
      maxOpenRuns?: number;
    };
    ApiKeyList: {
      keys: components['schemas']['ApiKey'][];
    };
    Caller: {
      /** @enum {string} */
      kind: 'open' | 'api_key' | 'oidc' | 'event';
      name: string;
      tenant: string;
      scopes: ('read' | 'run' | 'approve' | 'admin')[];
    };
    Health: {
      /** @enum {string} */
      status: 'ok';
    };
    Readiness: {
      /** @enum {string} */
      status: 'ok' | 'unavailable';
      checks: {
        /** @enum {string} */
        temporal: 'ok' | 'unreachable';
        /** @enum {string} */
        worker: 'polling' | 'none' | 'unknown';
        /** @enum {string} */
        gateway: 'serving' | 'draining';
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  decodePayloads: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Payloads'];
      };
    };
    responses: {
      /** @description As many, in the same order */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Payloads'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  encodePayloads: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Payloads'];
      };
    };
    responses: {
      /** @description As many, in the same order */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Payloads'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  executeAgents: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body acts once and gives the same answer */
        'idempotency-key'?: string;
        /** @description RFC 7240: `wait=N` seconds */
        prefer?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ExecuteRequest'];
      };
    };
    responses: {
      /** @description The run has completed */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ExecuteResult'];
        };
      };
      /** @description The run is going on; look again under `links.run` */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ExecutePending'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store does not have what the run kept there */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The run failed; `failure` says where and why */
      502: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listRuns: {
    parameters: {
      query?: {
        crew?: string;
        status?:
          | 'queued'
          | 'running'
          | 'waiting_human'
          | 'completed'
          | 'failed'
          | 'cancelled'
          | 'stopped'
          | 'timed_out'
          | 'terminated';
        label?: string;
        /** @description Only forks of this run */
        parent?: string;
        /** @description Runs of one thread go one after the other */
        thread?: string;
        limit?: number;
        /** @description `nextCursor` of the page before */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunList'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  startRun: {
    parameters: {
      query?: {
        /** @description Seconds to wait for the end of the run */
        wait?: number | null;
      };
      header?: {
        /** @description The same key with the same body acts once and gives the same answer */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['StartRunRequest'];
      };
    };
    responses: {
      /** @description The run that the same Idempotency-Key started before; with `wait`: the whole run, which has ended */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'] | components['schemas']['RunRow'];
        };
      };
      /** @description The run is started */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunRow'];
        };
      };
      /** @description With `wait`: the run is started, and has not ended within that time */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunRow'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Run'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store does not have what the run kept there */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  terminateRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is ended */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  streamRunEvents: {
    parameters: {
      query?: {
        /** @description Only events with a `seq` above this. `Last-Event-ID` goes before it */
        after?: number | null;
        /** @description Also `delta`s, pieces of answers while they are written, and `reset`s, where a call is made again: live only, never repeated */
        deltas?: 'true' | 'false';
      };
      header?: {
        /** @description The last event that the reader has: `<runId>:<seq>`, or its `seq` */
        'last-event-id'?: string;
      };
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
          'application/x-ndjson': string;
        };
      };
      /** @description The run has ended, and the reader has all of it */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store does not have what the run kept there */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  decideApproval: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body acts once and gives the same answer */
        'idempotency-key'?: string;
        /** @description RFC 7240: `respond-async` */
        prefer?: string;
      };
      path: {
        runId: string;
        approvalId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Decision'];
      };
    };
    responses: {
      /** @description The approval as decided */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Approval'];
        };
      };
      /** @description Sent; nothing is known of what became of it */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DecisionSent'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listApprovals: {
    parameters: {
      query?: {
        status?: 'open';
        crew?: string;
        /** @description Only what this person or group is asked */
        assignee?: string;
        /** @description Runs a page: it has all open approvals of its runs */
        limit?: number;
        /** @description `nextCursor` of the page before */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page; it may be empty and still have a `nextCursor` */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Inbox'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EndRequest'];
      };
    };
    responses: {
      /** @description Asked for: the run ends by itself, and its view and events say when */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EndRequested'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  stopRun: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EndRequest'];
      };
    };
    responses: {
      /** @description Asked for: the run ends by itself, and its view and events say when */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EndRequested'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getRunResult: {
    parameters: {
      query?: {
        /** @description Seconds to wait for the end of the run */
        wait?: number | null;
      };
      header?: never;
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The run has ended */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunResult'];
        };
      };
      /** @description It has not ended yet */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunResult'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store does not have what the run kept there */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  sendMessage: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body acts once and gives the same answer */
        'idempotency-key'?: string;
      };
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['MessageRequest'];
      };
    };
    responses: {
      /** @description Taken; `deliveredTo` in the run says who was told */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  forkRun: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body acts once and gives the same answer */
        'idempotency-key'?: string;
      };
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ForkRequest'];
      };
    };
    responses: {
      /** @description The run that the same Idempotency-Key started before */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunRow'];
        };
      };
      /** @description The fork is started */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunRow'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store does not have what the run kept there */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  retryRun: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body acts once and gives the same answer */
        'idempotency-key'?: string;
      };
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RetryRequest'];
      };
    };
    responses: {
      /** @description The run that the same Idempotency-Key started before */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunRow'];
        };
      };
      /** @description The fork is started */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RunRow'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store does not have what the run kept there */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createApprovalLink: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        runId: string;
        approvalId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LinkRequest'];
      };
    };
    responses: {
      /** @description The link */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApprovalLink'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  showDecisionForm: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        token: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The form; or that the decision is taken */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description This is no link of ours; as a problem where it cannot even be one */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has expired, or the approval is closed */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description The form again, with what does not fit */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Try again soon */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
    };
  };
  sendDecisionForm: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        token: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/x-www-form-urlencoded': components['schemas']['DecisionForm'];
      };
    };
    responses: {
      /** @description The form; or that the decision is taken */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description This is no link of ours; as a problem where it cannot even be one */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description It has expired, or the approval is closed */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The form again, with what does not fit */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Try again soon */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': string;
        };
      };
    };
  };
  listArtifacts: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        runId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Those that are there by now */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ArtifactList'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store does not have what the run kept there */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readArtifact: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        runId: string;
        path: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The text, as an attachment */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/markdown': string;
          'application/json': unknown;
          'text/plain': string;
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store does not have what the run kept there */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readTaskOutput: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        runId: string;
        taskId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The text, as an attachment */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The store does not have what the run kept there */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listBatches: {
    parameters: {
      query?: {
        limit?: number;
        /** @description `nextCursor` of the page before */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BatchList'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  startBatch: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body acts once and gives the same answer */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['StartBatchRequest'];
      };
    };
    responses: {
      /** @description The batch that the same Idempotency-Key started before */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BatchRow'];
        };
      };
      /** @description The batch is started */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BatchRow'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getBatch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        batchId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The batch */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Batch'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  readBatchResults: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        batchId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Lines of JSON, each such an object */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': components['schemas']['BatchResult'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  cancelBatch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        batchId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is being cancelled */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BatchCancelled'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listSchedules: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The schedules */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScheduleList'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createSchedule: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body acts once and gives the same answer */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateScheduleRequest'];
      };
    };
    responses: {
      /** @description The schedule that the same Idempotency-Key made before */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description The schedule is made */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The schedule */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is gone */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PatchScheduleRequest'];
      };
    };
    responses: {
      /** @description The schedule */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Schedule'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pauseSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ScheduleNote'];
      };
    };
    responses: {
      /** @description It is done at once */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScheduleAccepted'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  resumeSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ScheduleNote'];
      };
    };
    responses: {
      /** @description It is done at once */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScheduleAccepted'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  triggerSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TriggerScheduleRequest'];
      };
    };
    responses: {
      /** @description It is done at once */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScheduleAccepted'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  backfillSchedule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BackfillScheduleRequest'];
      };
    };
    responses: {
      /** @description It is done at once */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ScheduleAccepted'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhooks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All of them */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookList'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createWebhook: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key with the same body acts once and gives the same answer */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateWebhookRequest'];
      };
    };
    responses: {
      /** @description The endpoint that the same Idempotency-Key made before */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedWebhook'];
        };
      };
      /** @description The endpoint is registered */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedWebhook'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The endpoint */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  deleteWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is gone */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  changeWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PatchWebhookRequest'];
      };
    };
    responses: {
      /** @description The endpoint */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RotateWebhookRequest'];
      };
    };
    responses: {
      /** @description The new secret */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RotatedWebhook'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  pingWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is on its way */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listWebhookDeliveries: {
    parameters: {
      query?: {
        status?: 'pending' | 'delivered' | 'failed';
        /** @description Only events of this run */
        run?: string;
        limit?: number;
        /** @description `nextCursor` of the page before */
        cursor?: string;
      };
      header?: never;
      path: {
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDeliveryList'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getWebhookDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhookId: string;
        deliveryId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The delivery */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WholeWebhookDelivery'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayWebhookDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhookId: string;
        deliveryId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is on its way */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  replayFailedWebhookDeliveries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhookId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReplayFailedRequest'];
      };
    };
    responses: {
      /** @description How many are on their way */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplayedDeliveries'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCrews: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All crews, by name */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CrewList'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCrew: {
    parameters: {
      query?: {
        /** @description A number of the store's, or the first 8 or more hex digits of a digest */
        version?: string;
      };
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The crew in its newest version, or the given one */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Crew'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  putCrew: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CrewDefinition'];
      };
    };
    responses: {
      /** @description This very definition is stored already */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StoredCrew'];
        };
      };
      /** @description The new version */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StoredCrew'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listCrewVersions: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All that can be run */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CrewVersionList'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  validateCrew: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CrewDefinition'];
      };
    };
    responses: {
      /** @description The report */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CrewReport'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  listKeys: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoked and expired ones among them */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyList'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  createKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateKeyRequest'];
      };
    };
    responses: {
      /** @description The key is made */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedApiKey'];
        };
      };
      /** @description The request cannot be read */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is too large */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not declared as JSON */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The request is not valid; `errors` says where */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  revokeKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        keyId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The key, revoked */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKey'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not in this state; `detail` says why */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getCaller: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description `open`: callers are not authenticated here */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Caller'];
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Temporal, a worker or the store is not there; `runId`, where there is one, is the run that was started */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  healthz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
    };
  };
  readyz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description They can */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
      /** @description They cannot; `checks` says why */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Readiness'];
        };
      };
    };
  };
  metrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description In the text format of Prometheus */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
      /** @description Callers are authenticated here, and this one is not known */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description You may not do this, or Host or Origin are not served */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not found */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests, or too many open runs; `Retry-After` says how long */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description An internal error; nothing internal is shown */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}
