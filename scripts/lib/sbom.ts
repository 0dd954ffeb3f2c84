import { readFileSync } from 'node:fs';
import { inRepository, lockedPackages, npm } from './packages.js';

/** The part of a CycloneDX document that is looked at here. */
export interface Sbom {
  bomFormat: string;
  specVersion: string;
  metadata: { component: { 'bom-ref': string; name: string; version: string; purl: string } };
  components: { 'bom-ref': string; name: string; version: string; purl: string; hashes?: unknown[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** What a package of ours runs on in production, by its lock file, as CycloneDX. @throws where npm gives none */
export function sbomOf(folder: string): Sbom {
  const { stdout, stderr } = npm(folder, [
    ...['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'],
  ]);
  if (!stdout.startsWith('{')) throw new Error(`npm sbom gave none for ${folder}: ${stderr.slice(0, 500)}`);
  const sbom = JSON.parse(stdout) as Sbom;
  // Not npm's own `--omit dev`: it leaves out most of what production needs, too.
  const wanted = new Set(lockedPackages(folder).map(({ name, version }) => purlOf(name, version)));
  const kept = sbom.components.filter(({ purl }) => wanted.has(purl));
  const refs = new Set(kept.map((one) => one['bom-ref']));
  sbom.components = kept;
  sbom.dependencies = sbom.dependencies
    .filter(({ ref }) => refs.has(ref) || ref === sbom.metadata.component['bom-ref'])
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));
  // npm takes the name of the folder, whatever that happens to be.
  const manifest = JSON.parse(readFileSync(inRepository(`${folder}/package.json`), 'utf8')) as { name: string };
  sbom.metadata.component.name = manifest.name;
  return sbom;
}

/** How CycloneDX names a package of the registry. */
export function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
