import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { verdictOf } from '../../../scripts/lib/audit.js';
import { isAllowed, licensesPage } from '../../../scripts/lib/licenses.js';
import { inRepository, lockedPackages, PACKAGES, readExceptions } from '../../../scripts/lib/packages.js';
import { purlOf, sbomOf } from '../../../scripts/lib/sbom.js';

describe('supply chain', () => {
  for (const { name, folder } of PACKAGES) {
    it(`the SBOM of ${name} has every package of its lock file`, () => {
      const { bomFormat, specVersion, metadata, components, dependencies } = sbomOf(folder);
      assert.equal(bomFormat, 'CycloneDX');
      assert.match(specVersion, /^1\.[5-9]$/);
      assert.match(metadata.component.name, /^agent-orchestration-/);
      const listed = new Set(components.map(({ purl }) => purl));
      for (const one of lockedPackages(folder)) assert.ok(listed.has(purlOf(one.name, one.version)), one.name);
      for (const one of components) assert.match(one.purl, /^pkg:npm\/.+@.+/);
      assert.ok(dependencies.length > components.length / 2);
    });

    it(`the lock file of ${name} pins each package by its content`, () => {
      const { packages } = JSON.parse(readFileSync(inRepository(`${folder}/package-lock.json`), 'utf8')) as {
        packages: Record<string, { integrity?: string; link?: boolean; inBundle?: boolean; resolved?: string }>;
      };
      for (const [path, entry] of Object.entries(packages)) {
        if (path === '' || entry.link || entry.inBundle) continue;
        assert.match(entry.integrity ?? '', /^sha512-/, path);
        assert.doesNotMatch(entry.resolved ?? '', /^(git|http:|file:)/, path);
      }
    });
  }

  it('licences are allowed ones, or excepted for a reason', () => {
    assert.deepEqual(licensesPage().problems, []);
    assert.ok(isAllowed('Apache-2.0 AND MIT') && isAllowed('(GPL-3.0 OR MIT)'));
    for (const not of ['GPL-3.0-only', 'MIT AND AGPL-3.0', 'none named', '(MIT AND GPL-2.0) OR BUSL-1.1'])
      assert.ok(!isAllowed(not), not);
  });

  it('an audit tells what was found from what could not be asked', () => {
    const none = { ...readExceptions(), advisories: [] };
    const advisory = { url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc', title: 'Bad', severity: 'high' };
    const report = (via: unknown[]) => JSON.stringify({ vulnerabilities: { left: { via } } });
    assert.equal(verdictOf('{"message":"405 Method Not Allowed"}', none, '2027-01-01').outcome, 'not asked');
    assert.equal(verdictOf('', none, '2027-01-01').outcome, 'not asked');
    assert.equal(verdictOf('{"vulnerabilities":{}}', none, '2027-01-01').outcome, 'clean');
    assert.equal(verdictOf(report([{ ...advisory, severity: 'moderate' }]), none, '2027-01-01').outcome, 'clean');
    const found = verdictOf(report([advisory, 'right']), none, '2027-01-01');
    assert.deepEqual(found, { outcome: 'found', lines: ['high GHSA-aaaa-bbbb-cccc in left: Bad'] });
    const reason = 'We do not call the function in question.';
    const excepted = { ...none, advisories: [{ id: 'GHSA-aaaa-bbbb-cccc', reason, until: '2027-01-31' }] };
    assert.equal(verdictOf(report([advisory]), excepted, '2027-01-31').outcome, 'clean');
    assert.match(JSON.stringify(verdictOf(report([advisory]), excepted, '2027-02-01')), /ended on 2027-01-31/);
  });
});
