import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Next, WorkflowClientInterceptor, WorkflowDescribeInput, WorkflowQueryInput } from '@temporalio/client';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2';
import { SimplePlugin } from '@temporalio/plugin';
import type { InjectedSinks, ReplayWorkerOptions, WorkerOptions } from '@temporalio/worker';
import type { RunMoment, TelemetrySinks } from '../../contract/telemetry.js';
import { modulePath } from '../module-path.js';

/** What spans and moments of runs are done with. */
export interface PluginParts {
  resource: Resource;
  spans: SpanProcessor;
  /** Resolves when the spans that have ended are safe. */
  handedOver: () => Promise<void>;
  onMoment: (moment: RunMoment) => void;
}

/** The module with the interceptors of the workflow sandbox. */
export const WORKFLOW_INTERCEPTORS = modulePath(import.meta.url, './workflow-interceptors');

/** The module that sets up there, once for all runs, what these work with. */
export const WORKFLOW_PRELOADED = modulePath(import.meta.url, './workflow-preloaded');

/**
 * Goes to every Temporal client and worker: Temporal's OpenTelemetry interceptors, except that what only reads makes no spans,
 * and that work is reported as done after its spans were handed over.
 */
export class TelemetryPlugin extends SimplePlugin {
  readonly #parts: PluginParts;

  constructor(parts: PluginParts) {
    const { handedOver } = parts;
    super({
      name: 'TelemetryPlugin',
      clientInterceptors: { workflow: [new ClientInterceptor()] },
      workerInterceptors: {
        client: { workflow: [new ClientInterceptor()] },
        workflowModules: [WORKFLOW_INTERCEPTORS],
        activity: [
          () => ({
            inbound: {
              execute: async (input, next) => {
                try {
                  return await next(input);
                } finally {
                  await handedOver();
                }
              },
            },
          }),
          (activity) => ({
            inbound: new OpenTelemetryActivityInboundInterceptor(activity),
            outbound: new OpenTelemetryActivityOutboundInterceptor(activity),
          }),
        ],
      },
    });
    this.#parts = parts;
  }

  override configureWorker(options: WorkerOptions): WorkerOptions {
    return super.configureWorker({ ...options, sinks: { ...options.sinks, ...this.#sinks() } });
  }

  override configureReplayWorker(options: ReplayWorkerOptions): ReplayWorkerOptions {
    return super.configureReplayWorker({ ...options, sinks: { ...options.sinks, ...this.#sinks() } });
  }

  /** The worker waits for its sinks before it reports a workflow task as done. */
  #sinks(): InjectedSinks<TelemetrySinks> {
    const { spans, resource, handedOver, onMoment } = this.#parts;
    const exporter = makeWorkflowExporter(spans, resource);
    return {
      exporter: {
        export: {
          fn: async ({ workflowId, runId, workflowType }, made) => {
            // Not all of Temporal's: its memo and its search attributes say what people wrote.
            const named = {
              'temporal.workflow.id': workflowId,
              'temporal.run.id': runId,
              'temporal.type': workflowType,
            };
            await exporter.export.fn(named as never, made);
            await handedOver();
          },
        },
      },
      moments: { happened: { fn: (_, moment) => onMoment(moment) } },
    };
  }
}

class ClientInterceptor extends OpenTelemetryWorkflowClientInterceptor {
  override query(input: WorkflowQueryInput, next: Next<WorkflowClientInterceptor, 'query'>): Promise<unknown> {
    return next(input);
  }

  override describe(input: WorkflowDescribeInput, next: Next<WorkflowClientInterceptor, 'describe'>) {
    return next(input);
  }
}
