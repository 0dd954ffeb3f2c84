import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { needed } from '../support/needed.js';
import { onPath } from '../support/on-path.js';

const CHART = 'deploy/helm/agent-orchestration-service';
const cached = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'agent-orchestration-service/tools/helm',
);
const helm = onPath('helm') ?? (existsSync(cached) ? cached : undefined);

/** As much of a resource as is looked at here. */
interface Resource {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    template?: { metadata: { labels: Record<string, string> }; spec: PodSpec };
    selector?: { matchLabels: Record<string, string> };
  };
}
interface PodSpec {
  terminationGracePeriodSeconds: number;
  containers: Container[];
}
interface Container {
  args: string[];
  image: string;
  env: { name: string; value: string }[];
}

function render(...args: string[]): Resource[] {
  const text = execFileSync(helm ?? 'helm', ['template', 'crews', CHART, '--namespace', 'crews', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return parseAllDocuments(text).flatMap((document) => (document as { toJSON(): Resource | null }).toJSON() ?? []);
}

/** What Helm says of values that it refuses. */
function refusal(...args: string[]): string {
  const { status, stderr } = spawnSync(helm ?? 'helm', ['template', 'crews', CHART, ...args], { encoding: 'utf8' });
  assert.notEqual(status, 0, 'it was taken');
  return stderr;
}

const container = (resource: Resource | undefined) => {
  const found = resource?.spec.template?.spec.containers[0];
  assert.ok(found);
  return found;
};
const variable = (of: Container, name: string) => of.env.find((entry) => entry.name === name)?.value;
const workers = (resources: Resource[]) =>
  resources.filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name.includes('-worker'));

describe('the Helm chart', () => {
  before(function () {
    needed(this, helm, 'helm is not installed: scripts/chart-tools.sh helm');
  });

  for (const file of readdirSync('test/helm/values')) {
    const set = basename(file, '.yaml');
    it(`makes of ${set} what was looked at`, () => {
      const args = ['--kube-version', '1.31.0', '-f', `test/helm/values/${file}`];
      const text = execFileSync(helm ?? '', ['template', 'crews', CHART, '--namespace', 'crews', ...args], {
        encoding: 'utf8',
      });
      const golden = readFileSync(`test/helm/golden/${set}.yaml`, 'utf8');
      assert.equal(text, golden, 'see `npm run check:chart -- --write` and git diff');
    });
  }

  it('an upgrade keeps the workers of each build that is named, each with its own image, and the check names the same', () => {
    const resources = render('--set', 'image.tag=2.0.0', '--set', 'worker.previousBuilds[0].buildId=1.0.0');
    const seen = workers(resources).map((worker) => [
      variable(container(worker), 'WORKER_BUILD_ID'),
      container(worker).image.split(':')[1],
    ]);
    assert.deepEqual(seen, [
      ['2.0.0', '2.0.0'],
      ['1.0.0', '1.0.0'],
    ]);
    const job = (suffix: string) => resources.find(({ metadata }) => metadata.name.endsWith(suffix));
    assert.deepEqual(container(job('-check-builds')).args, ['builds', '--keep', '2.0.0,1.0.0']);
    assert.equal(variable(container(job('-set-current')), 'WORKER_BUILD_ID'), '2.0.0');
    assert.equal(
      job('-set-current')?.metadata.annotations?.['helm.sh/hook'],
      'post-install,post-upgrade,post-rollback',
    );
  });

  it('builds whose ids differ only in what names cannot have do not meet', () => {
    const tags = [
      '1.0.0',
      '1-0-0',
      '1_0_0',
      'a-very-long-build-id-of-a-branch-1',
      'a-very-long-build-id-of-a-branch-2',
    ];
    const set = tags.slice(1).flatMap((tag, index) => ['--set', `worker.previousBuilds[${index}].buildId=${tag}`]);
    const made = workers(render('--set', 'image.tag=1.0.0', ...set));
    assert.equal(made.length, tags.length);
    assert.equal(new Set(made.map(({ metadata }) => metadata.name)).size, tags.length);
    for (const { metadata, spec } of made) {
      assert.match(metadata.name, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      for (const [label, value] of Object.entries(spec.selector?.matchLabels ?? {}))
        assert.equal(spec.template?.metadata.labels[label], value);
    }
  });

  it('a pod is given longer than its process takes to stop', () => {
    for (const resource of render('--set', 'worker.shutdownGraceSeconds=900').filter(
      ({ kind }) => kind === 'Deployment',
    )) {
      const grace = Number(variable(container(resource), 'SHUTDOWN_GRACE_SECONDS'));
      assert.ok((resource.spec.template?.spec.terminationGracePeriodSeconds ?? 0) > grace, resource.metadata.name);
    }
  });

  it("callers of the cluster reach the gateway under its service's names, and others under the ingress's", () => {
    const gateway = render('--set', 'ingress.enabled=true', '--set', 'config.ALLOWED_HOSTS=other.example.com').find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name.endsWith('-gateway'),
    );
    const hosts = variable(container(gateway), 'ALLOWED_HOSTS')?.split(',') ?? [];
    const name = 'crews-agent-orchestration-service-gateway';
    for (const host of [name, `${name}.crews.svc.cluster.local`, 'crews.example.com', 'other.example.com'])
      assert.ok(hosts.includes(host), host);
  });

  it('an intake is there where it is wanted, is probed like a worker, and is told what comes of which topic', () => {
    const intake = (...args: string[]) =>
      render(...args).filter(({ metadata }) => metadata.name === 'crews-agent-orchestration-service-intake');
    assert.deepEqual(intake(), []);
    const wanted = ['--set', 'intake.enabled=true'];
    const made = intake(...wanted, '--set-json', String.raw`files={"intake.yaml":"topics: {}"}`);
    assert.deepEqual(made.map(({ kind }) => kind).sort(), ['Deployment', 'NetworkPolicy', 'PodDisruptionBudget']);
    const found = container(made.find(({ kind }) => kind === 'Deployment'));
    assert.deepEqual(found.args, ['intake']);
    assert.equal(variable(found, 'KAFKA_INTAKE_CONFIG'), '/etc/crews/intake.yaml');
    assert.equal(variable(found, 'WORKER_HEALTH_PORT'), '8001');
    assert.match(refusal(...wanted), /intake\.enabled: put intake\.yaml into files/);
    const mounted = intake(...wanted, '--set', 'config.KAFKA_INTAKE_CONFIG=/work/in.yaml');
    assert.equal(
      variable(container(mounted.find(({ kind }) => kind === 'Deployment')), 'KAFKA_INTAKE_CONFIG'),
      '/work/in.yaml',
    );
  });

  it('metrics are served where Prometheus finds them: on the address of the pod', () => {
    const made = render(
      ...['--set', 'metrics.enabled=true', '--set', 'intake.enabled=true', '--set', 'config.KAFKA_INTAKE_CONFIG=/in'],
    ).filter(({ kind }) => kind === 'Deployment');
    assert.equal(made.length, 3);
    for (const part of made) assert.equal(variable(container(part), 'METRICS_HOST'), '0.0.0.0', part.metadata.name);
  });

  it('values that cannot work are refused with what is wrong', () => {
    assert.match(refusal('--set', 'config.OPENAI_API_KEY=sk-1'), /OPENAI_API_KEY/);
    assert.match(refusal('--set', 'config.DATABASE_URL=x'), /DATABASE_URL/);
    assert.match(refusal('--set', 'gateway.replica=3'), /replica/);
    assert.match(refusal('--set', 'temporal.address=https://temporal:7233'), /temporal\/?.?address/);
    assert.match(refusal('--set', 'service.port=99999'), /port/);
    assert.match(refusal('--set', 'worker.versioning.deploymentName=a.b'), /deploymentName/);
    assert.match(
      refusal('--set', 'image.tag=1.0.0', '--set', 'worker.previousBuilds[0].buildId=1.0.0'),
      /'1\.0\.0' is the current build/,
    );
  });
});
