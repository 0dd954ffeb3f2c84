import { mkdirSync, writeFileSync } from 'node:fs';
import { inRepository, PACKAGES } from './lib/packages.js';
import { sbomOf } from './lib/sbom.js';

/** `npm run sbom`: writes what the service and the demo model run on, as CycloneDX, into build/. */
mkdirSync(inRepository('build'), { recursive: true });
for (const { name, folder, sbom } of PACKAGES) {
  const document = sbomOf(folder);
  writeFileSync(inRepository(sbom), `${JSON.stringify(document, null, 2)}\n`);
  console.log(`${sbom}: ${document.components.length} components of ${name}`);
}
