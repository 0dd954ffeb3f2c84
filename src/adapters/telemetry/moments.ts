import { Attribute, type RunMoment } from '../../contract/telemetry.js';
import type { Logger } from '../../ports.js';
import { bounded, type Instruments } from './metrics.js';

const MOST_NAMES = 200;

/** Counts what happens to runs, and logs a line for each beginning, end and question. */
export function watchMoments(instruments: Instruments, logger: Logger): (moment: RunMoment) => void {
  const crewOf = bounded(MOST_NAMES);
  const modelOf = bounded(MOST_NAMES);
  return (moment) => {
    const crew = { [Attribute.crew]: crewOf(moment.crew) };
    const at = {
      runId: moment.runId,
      crew: moment.crew,
      ...(moment.span && { trace_id: moment.span.traceId, span_id: moment.span.spanId }),
    };
    switch (moment.type) {
      case 'started':
        instruments.runsStarted.add(1, crew);
        return logger.info(at, 'run started');
      case 'ended': {
        const { status, durationMs, code } = moment;
        instruments.runsEnded.add(1, { ...crew, [Attribute.status]: status });
        instruments.runDuration.record(durationMs / 1000, { ...crew, [Attribute.status]: status });
        return logger.info({ ...at, status, durationMs, ...(code !== undefined && { code }) }, 'run ended');
      }
      case 'asked':
        instruments.approvalsRequested.add(1, { ...crew, kind: moment.kind });
        return logger.info({ ...at, taskId: moment.taskId, kind: moment.kind }, 'approval requested');
      case 'answered': {
        const { kind, outcome, waitedMs, taskId } = moment;
        instruments.approvalWait.record(waitedMs / 1000, { ...crew, kind, outcome });
        return logger.info({ ...at, taskId, kind, outcome, waitedMs }, 'approval closed');
      }
      case 'spent':
        return instruments.cost.add(moment.usd, { ...crew, model: modelOf(moment.model) });
    }
  };
}
