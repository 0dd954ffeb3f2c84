import type { TokenPublisher } from '../ports.js';
import type { Here } from './here.js';

/** Longest that text waits for more to go with it: what comes faster than people read need not be as many messages. */
const TOGETHER_MS = 30;

/** The place of what is asked for the run as a whole. No task has this name. */
const OF_THE_RUN = /^[^A-Za-z]/;

/** An answer on its way to whoever watches. */
interface LiveText {
  onText(chunk: string): void;
  /** Sends what is left. */
  end(): void;
}

/** Tells watchers the answer of this call as it comes. A call that is made again says first that the text before is void. */
export function liveText(tokens: TokenPublisher, { tenant, runId, activityId, attempt }: Here): LiveText {
  const taskId = activityId.split('/')[0] ?? '';
  const of = { runId, ...(!OF_THE_RUN.test(taskId) && { taskId }), call: activityId, attempt };
  let sentChars = 0;
  let pending = '';
  let sentAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    if (pending === '') return;
    if (tokens.wanted(tenant, runId)) {
      tokens.publish(tenant, { type: 'delta', ...of, offset: sentChars, text: pending });
    }
    sentChars += pending.length;
    pending = '';
    sentAt = performance.now();
  };
  if (attempt > 1 && tokens.wanted(tenant, runId)) tokens.publish(tenant, { type: 'reset', ...of });
  return {
    onText: (chunk) => {
      pending += chunk;
      if (timer) return;
      const waitMs = sentAt + TOGETHER_MS - performance.now();
      if (waitMs <= 0) send();
      else timer = setTimeout(send, waitMs);
    },
    end: send,
  };
}
