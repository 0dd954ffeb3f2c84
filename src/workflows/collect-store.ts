import type { Collected } from '../contract/messages.js';
import { collectStore as collect } from './proxies.js';

/** Removes from the store what no retained run reaches. Started by a schedule, once a day. */
export function collectStore(): Promise<Collected> {
  return collect();
}
