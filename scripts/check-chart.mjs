/**
 * `npm run check:chart`: renders the chart with each set of values in test/helm/values and compares with test/helm/golden (`--write`
 * replaces it); helm lint; the resources against Kubernetes' own schemas, strictly; kube-score. Programs come from the PATH or
 * the user's cache folder, where scripts/chart-tools.sh puts them. One that is not there is skipped, with REQUIRE_ALL=1 a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, join } from 'node:path';

const CHART = 'deploy/helm/agent-orchestration-service';
const VALUES = 'test/helm/values';
const GOLDEN = 'test/helm/golden';
/** The oldest Kubernetes that the chart is for, and a new one. */
const KUBERNETES = ['1.30', '1.37'];
const TOOLS = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'agent-orchestration-service', 'tools');

/** What is left out of kube-score, and why. */
const NOT_SCORED = [
  // Released tags and digests do not change: pulling them anew only makes a start depend on the registry.
  'container-image-pull-policy',
  // Topology spread does it, without refusing to schedule.
  'deployment-has-host-podantiaffinity',
  // How many workers and gateways is the values' to say; some of these sets have one on purpose.
  'deployment-replicas',
];

const write = process.argv.includes('--write');
const env = { ...process.env, PATH: [process.env.PATH, TOOLS, join(TOOLS, 'python', 'bin')].join(delimiter) };
const problems = [];
const sets = readdirSync(VALUES).map((name) => basename(name, '.yaml'));

const has = (program) => {
  const found = env.PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));
  if (found) return true;
  if (process.env.REQUIRE_ALL === '1') problems.push(`${program} is not installed: scripts/chart-tools.sh gets it`);
  else console.log(`${program} is not installed: left out (scripts/chart-tools.sh gets it)`);
  return false;
};
const run = (program, args) => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 64e6 });
  return { ok: status === 0, out: stdout ?? '', err: error ? String(error) : (stderr ?? '') };
};
const expect = (what, { ok, out, err }) => {
  if (!ok) problems.push(`${what}:\n${(err + out).trim()}`);
};

if (has('helm')) {
  for (const set of sets) {
    const values = ['-f', join(VALUES, `${set}.yaml`)];
    expect(`helm lint with ${set}`, run('helm', ['lint', '--quiet', '--strict', CHART, ...values]));
    const rendered = run('helm', [
      'template',
      'crews',
      CHART,
      '--namespace',
      'crews',
      '--kube-version',
      '1.31.0',
      ...values,
    ]);
    expect(`helm template with ${set}`, rendered);
    const golden = join(GOLDEN, `${set}.yaml`);
    if (write) writeFileSync(golden, rendered.out);
    else if (!existsSync(golden) || readFileSync(golden, 'utf8') !== rendered.out)
      problems.push(
        `${golden} is not what the chart makes: see the difference with \`npm run check:chart -- --write\` and git diff`,
      );
  }
}

const files = sets.map((set) => join(GOLDEN, `${set}.yaml`));
if (has('kubernetes-validate'))
  for (const version of KUBERNETES)
    expect(
      `Kubernetes ${version}'s schemas`,
      run('kubernetes-validate', ['-k', version, '--strict', '--quiet', ...files]),
    );
const schemas = schemaFolder();
if (schemas !== undefined && has('kubeconform'))
  for (const version of KUBERNETES) {
    // KEDA's and Prometheus' resources are described by their own definitions, which are not there.
    const args = [
      '-strict',
      '-skip',
      'ScaledObject,ServiceMonitor',
      '-schema-location',
      selfContained(schemas, version),
    ];
    expect(`kubeconform ${version}`, run('kubeconform', [...args, ...files]));
  }
if (has('kube-score')) {
  const args = ['score', '--kubernetes-version', 'v1.31', '--ignore-container-cpu-limit', '--output-format', 'ci'];
  for (const file of files) {
    // That set is the one without policies.
    const left = file.endsWith('plain.yaml') ? [...NOT_SCORED, 'pod-networkpolicy'] : NOT_SCORED;
    const { out } = run('kube-score', [...args, ...left.flatMap((test) => ['--ignore-test', test]), file]);
    const bad = out.split('\n').filter((line) => /^\[(CRITICAL|WARNING)\]/.test(line));
    if (bad.length > 0 || out === '') problems.push(`kube-score of ${file}:\n${bad.join('\n') || 'said nothing'}`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`chart: ${sets.length} sets of values (${sets.join(', ')})${write ? ' written' : ' as expected'}`);

/** The folder of schemas that the Python package kubernetes-validate brings; undefined where it is not installed. */
function schemaFolder() {
  const code = 'import kubernetes_validate as k, os; print(os.path.dirname(k.__file__))';
  for (const python of [join(TOOLS, 'python', 'bin', 'python'), 'python3']) {
    const { ok, out } = run(python, ['-c', code]);
    if (ok) return join(out.trim(), 'kubernetes-json-schema');
  }
  return undefined;
}

/** Copies the schemas of the kinds that the chart has, each with all definitions inside: kubeconform does not follow references to files. */
function selfContained(folder, version) {
  const from = join(folder, `v${version}.0-local-strict`);
  const to = join('build', 'kubernetes-schemas', version);
  mkdirSync(to, { recursive: true });
  const inside = (name) => readFileSync(join(from, name), 'utf8').replaceAll(/(\/api\/)?_definitions\.json#/g, '#');
  const { $defs } = JSON.parse(inside('_definitions.json'));
  const kinds =
    /^(serviceaccount|service|configmap|pod)-v1|^(deployment|job|cronjob|poddisruptionbudget|horizontalpodautoscaler|ingress|networkpolicy)-/;
  for (const name of readdirSync(from).filter((file) => kinds.test(file)))
    writeFileSync(join(to, name), JSON.stringify({ ...JSON.parse(inside(name)), $defs }));
  return `${to}/{{.ResourceKind}}{{.KindSuffix}}.json`;
}
