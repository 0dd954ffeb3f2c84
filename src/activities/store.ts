import type { BlobRef } from '../contract/wire.js';
import type { Store } from '../ports.js';
import { here } from './here.js';
import { missing, stored } from './texts.js';

/** The activities by which a run keeps something of itself. @throws ApplicationFailure `Store.*` */
export function createStoreActivities({ store }: { store: Store }) {
  return {
    /** Keeps a text: events and the state of a run that continues as new, closing records, artifacts. */
    putText: (text: string): Promise<BlobRef> => stored(() => store.putText(here().tenant, text)),

    /** Reads it again. */
    async getText({ ref }: BlobRef): Promise<string> {
      const text = await stored(() => store.getText(here().tenant, ref));
      if (text === undefined) throw missing();
      return text;
    },
  };
}
