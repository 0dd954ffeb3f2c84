import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { patched, upsertMemo } from '@temporalio/workflow';
import { SearchAttribute } from '../contract/messages.js';
import type { ApprovalView } from '../contract/views.js';
import { memoOf, waitingWords } from '../contract/waiting.js';

const WAITING = defineSearchAttributeKey(SearchAttribute.waiting, 'KEYWORD_LIST');

/**
 * What lists know of a run's open approvals: its memo has them, and a search attribute finds them. Written where the set of
 * open approvals has changed, and never for a run that asks nobody.
 */
export class Inbox {
  /** The ids that lists know of; undefined: what they know is of the part of the run before this one. */
  #shown: string | undefined;

  /** `continued`: the run goes on from an earlier part. */
  constructor(continued: boolean) {
    this.#shown = continued ? undefined : '';
  }

  /**
   * Writes the memo where there is something new, and gives what the search attributes shall say: the caller upserts it with
   * others of its own, as each upsert is an event.
   */
  changes(approvals: readonly ApprovalView[]): SearchAttributePair[] {
    const open = approvals.filter(({ status }) => status === 'open');
    const ids = open.map(({ id }) => id).join(' ');
    if (ids === this.#shown || (this.#shown === undefined && approvals.length === 0)) return [];
    // replay-tested: 2026-11-24
    // Runs from before there was an inbox have no such commands in their histories.
    if (!patched('inbox')) return [];
    this.#shown = ids;
    upsertMemo({ approvals: open.length === 0 ? null : memoOf(open) });
    return [{ key: WAITING, value: open.length === 0 ? null : waitingWords(open) } as SearchAttributePair];
  }
}
