/** The operators' pages and their files say what the chart and the server are, no more and no less. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { AUTH_FAILURES, END_REASONS, LOGIN_FAILURES } from '../../../src/supervisor/dropbear/dropbear-log.ts';
import { containerOf, pick, podOf, ROOT, render, workspaceOf } from '../helm.ts';
import { REFERENCE, withTable } from '../values-table.ts';

const howTo = readFileSync(path.join(ROOT, 'docs/operators.md'), 'utf8');
const reference = readFileSync(REFERENCE, 'utf8');
const sources = path.join(ROOT, 'src/supervisor');
const supervisor = readdirSync(sources, { encoding: 'utf8', recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(path.join(sources, name), 'utf8'))
  .join('\n');
// The app reads some metrics too, so their names stand where both can see them.
const shared = readFileSync(path.join(ROOT, 'src/contract/metrics.ts'), 'utf8');

const metricsIn = (text: string, quote: string) =>
  new Set([...text.matchAll(new RegExp(`${quote}(ws_[a-z_]+)${quote}`, 'g'))].map((match) => match[1] ?? ''));
const blocks = [...howTo.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
const manifests = blocks.map((block) => parse(block)).filter((object) => 'kind' in object);

test('the table of values is the schema and values.yaml', () => {
  expect(withTable(reference)).toBe(reference);
});

test('F7C8-METRICS: each metric of the server is documented, and no other', () => {
  const documented = new Set([...metricsIn(section('Metrics'), '`')]);
  expect(documented).toEqual(metricsIn(supervisor + shared, "'"));
});

test('F7C8-METRICS: the dashboard reads each metric but two, and no other', () => {
  const dashboard = JSON.parse(readFileSync(path.join(ROOT, 'docs/grafana-dashboard.json'), 'utf8'));
  const expressions = dashboard.panels.flatMap((panel: { targets: { expr: string }[] }) =>
    panel.targets.map(({ expr }) => expr),
  );
  const used = new Set(expressions.join(' ').match(/\bws_[a-z_]+/g));
  const known = metricsIn(supervisor + shared, "'");
  // The uptime says the one, and nobody draws a hash.
  known.delete('ws_start_time_seconds');
  known.delete('ws_authorized_keys_info');
  expect(used).toEqual(known);
});

test('K5G2-STRUCT: each event of the log is documented, and no other', () => {
  // Each call of a log names its event first, or after pino's fields. Two lines are written without a log at hand.
  const calls = /\.(?:debug|info|warn|error|fatal)\(\s*(?:\{[^}]*\},\s*)?([^,;{)]*)|event: ('[^']*')/g;
  const written = [...supervisor.matchAll(calls)].flatMap((match) => [
    ...(match[1] ?? match[2] ?? '').matchAll(/'([a-z-]+\.[a-z-]+)'/g),
  ]);
  const documented = [...section('Log').matchAll(/^\| (`.*?`) \|/gm)].flatMap((row) => [
    ...(row[1] ?? '').matchAll(/`([^`]+)`/g),
  ]);
  expect(names(documented)).toEqual(names(written));
});

test('K5G2-STRUCT F7C8-METRICS: each reason of an end and of a failed login is documented, and no other', () => {
  const documented = [...section('Reasons').matchAll(/^\| (`.*?`) \|/gm)].flatMap((row) => [
    ...(row[1] ?? '').matchAll(/`([^`]+)`/g),
  ]);
  expect(names(documented)).toEqual(new Set([...END_REASONS, ...AUTH_FAILURES]));
  const row = section('Metrics').match(/^\| `ws_auth_failures_total` .*$/m)?.[0];
  for (const reason of LOGIN_FAILURES.filter((each) => !(AUTH_FAILURES as readonly string[]).includes(each)))
    expect(row).toContain(`\`${reason}\``);
});

test('N4C7-NETPOL: the policies select the pod by labels and ports that it has', async () => {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  expect(policies.map(({ spec }) => spec.policyTypes)).toEqual([['Ingress'], ['Egress']]);
  const objects = await render();
  for (const { spec } of policies) expect(podOf(objects).metadata.labels).toMatchObject(spec.podSelector.matchLabels);
  const ports = containerOf(objects).ports.map((port: { containerPort: number }) => port.containerPort);
  const allowed = policies[0].spec.ingress.flatMap((rule: { ports: { port: number }[] }) =>
    rule.ports.map(({ port }) => port),
  );
  expect(new Set(allowed)).toEqual(new Set(ports));
});

test('N4C7-NETPOL: the policy lets in the pods that the chart brings along', async () => {
  const { ingress } = manifests.find(({ spec }) => spec.policyTypes?.[0] === 'Ingress').spec;
  const objects = await render({ home: { type: 'claim' }, idle: { stopAfter: '2h', actor: true } });
  const brought = {
    test: [pick(objects, 'Pod', 'ws-dev-test').metadata.labels, [2222, 9222]],
    idle: [pick(objects, 'Deployment', 'ws-dev-idle').spec.template.metadata.labels, [9222]],
  } as const;
  for (const [name, [labels, ports]] of Object.entries(brought)) {
    const rules = ingress.filter(({ from }: { from: { podSelector?: { matchLabels: Record<string, string> } }[] }) =>
      from.some(({ podSelector }) =>
        Object.entries(podSelector?.matchLabels ?? { none: '' }).every(([label, value]) => labels[label] === value),
      ),
    );
    const open = rules.flatMap((rule: { ports: { port: number }[] }) => rule.ports.map(({ port }) => port));
    expect(open, name).toEqual(ports);
  }
});

test('F7C8-METRICS: the annotations for Prometheus are of the pod, and name the port and the path that it has', async () => {
  const values = blocks.map((block) => parse(block)).find((object) => 'podAnnotations' in object);
  const objects = await render(values);
  const { annotations } = podOf(objects).metadata;
  expect(annotations).toMatchObject({ 'prometheus.io/scrape': 'true', 'prometheus.io/path': '/metrics' });
  const metrics = containerOf(objects).ports.find(({ name }: { name: string }) => name === 'metrics');
  expect(annotations?.['prometheus.io/port']).toBe(String(metrics.containerPort));
});

test('each values block renders, and so do the values for Argo CD and Flux', async () => {
  const plain = blocks
    .map((block) => parse(block))
    .filter((object) => !('kind' in object) && !('scrape_configs' in object));
  expect(plain).toHaveLength(5);
  for (const values of plain) expect(await render(values)).not.toHaveLength(0);
  for (const values of [
    manifestOf('Application').spec.source.helm.valuesObject,
    manifestOf('HelmRelease').spec.values,
  ]) {
    const objects = await render(values, { withKey: false });
    // Nothing in it may differ from one rendering to the next.
    expect(await render(values, { withKey: false })).toEqual(objects);
  }
});

test('U9A4-TEST: the page says for how long the pod of helm test waits, and what it is called', async () => {
  const { metadata, spec } = pick(await render({}, { release: 'ws-alice' }), 'Pod');
  expect(howTo).toContain(`The pod has ${spec.activeDeadlineSeconds} seconds (its \`activeDeadlineSeconds\`).`);
  expect(howTo).toContain(`\`kubectl --namespace team describe pod ${metadata.name}\``);
});

test('each selector that is typed is that of the workspace, which the pod of helm test and the second pod have not', async () => {
  const typed = [...howTo.matchAll(/--selector (\S+)/g)].map((match) => match[1]);
  const labels = ['app.kubernetes.io/name', 'app.kubernetes.io/instance'];
  const own = workspaceOf(await render({}, { release: 'ws-alice' })).spec.selector.matchLabels;
  expect(Object.keys(own)).toEqual(labels);
  expect(new Set(typed)).toEqual(new Set([labels.map((label) => `${label}=${own[label]}`).join(',')]));
});

test('a limit is removed by null', async () => {
  expect(containerOf(await render({ resources: { limits: { cpu: null } } })).resources.limits).not.toHaveProperty(
    'cpu',
  );
});

test('a request is never above its limit, which the API server would refuse', async () => {
  const resourcesOf = async (resources: object) => containerOf(await render({ resources })).resources;
  expect(
    (await resourcesOf({ limits: { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '512Mi' } })).requests,
  ).toEqual({ cpu: '50m', memory: '64Mi', 'ephemeral-storage': '512Mi' });
  expect(
    (await resourcesOf({ requests: { cpu: 0.5, memory: '1G' }, limits: { cpu: 2, memory: '1Gi' } })).requests,
  ).toEqual({ cpu: 0.5, memory: '1G', 'ephemeral-storage': '1Gi' });
  // Who lowers a limit by one flag may have the request from a file.
  expect((await resourcesOf({ requests: { memory: '8Gi' }, limits: { memory: '6Gi' } })).requests).toMatchObject({
    memory: '6Gi',
  });
  expect((await resourcesOf({ requests: { cpu: null }, limits: { cpu: '1', memory: null } })).requests).toEqual({
    memory: '256Mi',
    'ephemeral-storage': '1Gi',
  });
});

test.each([
  ['operators.md', howTo],
  ['operators-reference.md', reference],
])('each heading of %s is in its list of contents', (_, document) => {
  const anchors = [...document.matchAll(/^- \[.*\]\(#(.*)\)$/gm)].map((match) => match[1]);
  const headings = [...document.matchAll(/^## (.*)$/gm)].map((match) => toAnchor(match[1] ?? ''));
  expect(anchors).toEqual(headings);
});

function section(title: string): string {
  const start = reference.indexOf(`\n## ${title}\n`);
  if (start < 0) throw new Error(`docs/operators-reference.md has no section ${title}`);
  const end = reference.indexOf('\n## ', start + 1);
  return reference.slice(start, end < 0 ? undefined : end);
}

const names = (matches: RegExpMatchArray[]) => new Set(matches.map((match) => match[1]));

function manifestOf(kind: string) {
  const found = manifests.find((manifest) => manifest.kind === kind);
  if (found === undefined) throw new Error(`docs/operators.md has no ${kind}`);
  return found;
}

function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
