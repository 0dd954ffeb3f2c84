import { Client } from '@temporalio/client';

/** How many times as long as the product waits. */
const PATIENCE = 6;

/** A client whose deadlines, which are those of the product's calls, are further away than the product sets them. */
export class PatientClient extends Client {
  #patience = PATIENCE;

  override withDeadline<R>(deadline: number | Date, call: () => Promise<R>): Promise<R> {
    const ms = Number(deadline) - Date.now();
    return super.withDeadline(Date.now() + ms * this.#patience, call);
  }

  /** Calls that begin meanwhile have the deadlines that the product sets. */
  async hurried<T>(work: () => Promise<T>): Promise<T> {
    this.#patience = 1;
    try {
      return await work();
    } finally {
      this.#patience = PATIENCE;
    }
  }
}
