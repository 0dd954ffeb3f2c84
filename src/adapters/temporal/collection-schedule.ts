import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { COLLECT_STORE } from '../../contract/messages.js';

/** The schedule by which the store is collected, one a namespace. */
export const COLLECTION_SCHEDULE = 'store-collection';

/** Makes the daily schedule of the collection, where there is none yet. An operator may pause or change it: it is left as it is. */
export async function ensureCollectionSchedule(client: Client, taskQueue: string): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: COLLECTION_SCHEDULE,
      spec: { intervals: [{ every: '1 day' }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP },
      action: {
        type: 'startWorkflow',
        workflowType: COLLECT_STORE,
        workflowId: COLLECTION_SCHEDULE,
        args: [],
        taskQueue,
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
