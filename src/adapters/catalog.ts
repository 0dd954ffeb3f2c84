import type { CrewDefinition } from '../crew/types.js';
import type { CatalogCrew, Crew, CrewCatalog, CrewFiles, CrewVersion, PutCrew, Store } from '../ports.js';
import { digestOf } from './definition-digest.js';

type Stored = NonNullable<Awaited<ReturnType<Store['getDefinition']>>>;

/** Versions as the store counts them, and digests as they may be shortened. */
const COUNTED = /^[1-9][0-9]{0,8}$/;
const DIGEST = /^[0-9a-f]{8,64}$/;

/** The crews of files and of the store, as one catalog. */
export function createCatalog(files: CrewFiles, store: Store): CrewCatalog {
  return {
    digestOf,
    list: async (tenant) => {
      const stored = await store.listDefinitions(tenant);
      const crews = [
        ...files.list().map(ofFile),
        ...stored.filter(({ name }) => files.find(name) === undefined).map(ofStore),
      ];
      return crews.sort((a, b) => (a.ref.name < b.ref.name ? -1 : 1));
    },
    find: async (tenant, name, version) => {
      const file = files.find(name);
      if (file && (version === undefined || isDigestOf(file, version))) return ofFile(file);
      const stored = await findStored(store, tenant, name, version);
      return stored && ofStore(stored);
    },
    versions: async (tenant, name): Promise<CrewVersion[]> => {
      const file = files.find(name);
      const stored = await store.listVersions(tenant, name);
      return [
        ...(file ? [{ ref: file.ref, source: 'file' as const }] : []),
        ...stored.map(({ version, digest, createdAt }) => ({
          ref: { name, version: String(version), digest },
          source: 'store' as const,
          createdAt,
        })),
      ];
    },
    put: (tenant, definition) => put(files, store, tenant, definition),
  };
}

async function put(files: CrewFiles, store: Store, tenant: string, definition: CrewDefinition): Promise<PutCrew> {
  const { name } = definition;
  if (files.find(name)) return { outcome: 'taken' };
  const digest = digestOf(definition);
  const { version, created } = await store.putDefinition(tenant, { name, digest, definition });
  const [versions, stored] = await Promise.all([
    store.listVersions(tenant, name),
    store.getDefinition(tenant, name, version),
  ]);
  return {
    outcome: created ? 'created' : 'existing',
    crew: stored ? ofStore(stored) : { ref: { name, version: String(version), digest }, definition, source: 'store' },
    newest: (versions[0]?.version ?? version) === version,
  };
}

async function findStored(
  store: Store,
  tenant: string,
  name: string,
  version: string | undefined,
): Promise<Stored | undefined> {
  if (version === undefined) return store.getDefinition(tenant, name);
  const counted = COUNTED.test(version) ? await store.getDefinition(tenant, name, Number(version)) : undefined;
  if (counted || !DIGEST.test(version)) return counted;
  const versions = await store.listVersions(tenant, name);
  const meant = versions.find(({ digest }) => digest.startsWith(version));
  return meant && store.getDefinition(tenant, name, meant.version);
}

function isDigestOf({ ref }: Crew, version: string): boolean {
  return DIGEST.test(version) && ref.digest.startsWith(version);
}

function ofFile(crew: Crew): CatalogCrew {
  return { ref: crew.ref, definition: crew.definition, source: 'file' };
}

function ofStore({ name, version, digest, definition, createdAt }: Stored): CatalogCrew {
  return { ref: { name, version: String(version), digest }, definition, source: 'store', createdAt };
}
