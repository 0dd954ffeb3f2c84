import { readFileSync } from 'node:fs';
import { inRepository, npm } from './packages.js';

/** The part of a CycloneDX document that is looked at here. */
export interface Sbom {
  bomFormat: string;
  specVersion: string;
  metadata: { component: { name: string; version: string; purl: string } };
  components: { name: string; group?: string; version: string; purl: string; hashes?: unknown[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** What a package of ours runs on in production, by its lock file, as CycloneDX. @throws where npm gives none */
export function sbomOf(folder: string): Sbom {
  const { stdout, stderr } = npm(folder, [
    ...['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--omit', 'dev', '--package-lock-only'],
  ]);
  if (!stdout.startsWith('{')) throw new Error(`npm sbom gave none for ${folder}: ${stderr.slice(0, 500)}`);
  const sbom = JSON.parse(stdout) as Sbom;
  // npm takes the name of the folder, whatever that happens to be.
  const manifest = JSON.parse(readFileSync(inRepository(`${folder}/package.json`), 'utf8')) as { name: string };
  sbom.metadata.component.name = manifest.name;
  return sbom;
}
