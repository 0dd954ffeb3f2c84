import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contract/failures.js';
import type { PublishRequest } from '../contract/publishing.js';
import { isStoreError } from '../contract/store-error.js';
import type { CurrentTrace, Outbox } from '../ports.js';
import { here } from './here.js';

/** The activity by which a run tells the platform what happened. Repeating it does no harm. */
export function createPublishActivities({ outbox, currentTrace }: { outbox: Outbox; currentTrace: CurrentTrace }) {
  return {
    /** Puts events into the outbox. @throws ApplicationFailure `Store.*`, worth another try whatever it was */
    async publishEvents({ publish, events }: PublishRequest): Promise<void> {
      const { tenant } = here();
      const { sinks, webhooks, traceparent, tracestate } = publish;
      const started = {
        ...(traceparent !== undefined && { traceparent }),
        ...(tracestate !== undefined && { tracestate }),
      };
      const trace = traceparent === undefined ? currentTrace() : started;
      const along = { tenant, ...trace, ...(webhooks && { webhooks }) };
      try {
        await outbox.put(
          sinks,
          events.map((event) => ({ event, ...along })),
        );
      } catch (error) {
        if (!isStoreError(error)) throw error;
        // Also what the store refuses is tried again: a gap in the events is worse than waiting for who mends the store.
        const type = error.reason === 'unavailable' ? FailureType.storeUnavailable : FailureType.storeRefused;
        throw ApplicationFailure.create({ type, message: error.message });
      }
    },
  };
}
