/**
 * The chart's rules for authorized keys beside those of `contract/keys/`, which the tests of the image hold against
 * Dropbear.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isOpening, readAuthorizedLine } from '../../../src/contract/keys/authorized-keys.ts';
import { KEY_OPTIONS, KEY_TYPES } from '../../../src/contract/keys/dropbear-rules.ts';
import { toKeyHash } from '../../../src/contract/keys/key-changes.ts';
import { formatAuthorizedKey, parseAuthorizedKeys } from '../../../src/workspace/keys/public-key.ts';
import { KEYS, listKeyVariants } from '../../authorized/keys.ts';
import { listLineCases } from '../../authorized/lines.ts';
import { CHART, HELMS, type Helm, run } from '../helm.ts';

/** A chart that only says what the templates of the real one make of each line. */
let chart: string;
const SAYS = `
options: {{ include "ws.key.options" . }}
lines:
{{- range .Values.lines }}
- fault: {{ include "ws.key.fault" (trim .) | quote }}
  passes: {{ include "ws.key.fault" (trim .) | empty }}
  hash: {{ include "ws.key.blob" (trim .) | sha256sum }}
{{- end }}
`;

beforeAll(() => {
  chart = mkdtempSync(path.join(tmpdir(), 'ws-keys-chart-'));
  mkdirSync(path.join(chart, 'templates'));
  copyFileSync(path.join(CHART, 'templates/_keys.tpl'), path.join(chart, 'templates/_keys.tpl'));
  writeFileSync(path.join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: keys\nversion: 1.0.0\n');
  writeFileSync(path.join(chart, 'templates/says.yaml'), SAYS);
});
afterAll(() => rmSync(chart, { recursive: true, force: true }));

interface Said {
  options: Record<string, string>;
  lines: { passes: boolean; fault: string; hash: string }[];
}

async function ask(helm: Helm, lines: string[]): Promise<Said> {
  return parse(await run(helm, ['template', 'keys', chart, '--values', '-'], { lines })) as Said;
}

test.each(HELMS)('L6H3-KEYAUTH: %s knows the same options and types', async (helm) => {
  const types = KEYS.map(({ type }) => type);
  const { options, lines } = await ask(
    helm,
    KEYS.map(({ type, blob }) => `${type} ${blob}`),
  );
  const ours = Object.entries(KEY_OPTIONS).map(([name, { value }]) => [name, value?.source ?? '']);
  expect(options).toEqual(Object.fromEntries(ours));
  expect(types.filter((_, index) => lines[index]?.passes)).toEqual(Object.keys(KEY_TYPES));
  expect(types).toEqual(expect.arrayContaining(Object.keys(KEY_TYPES)));
});

test.each(HELMS)('%s lets no line pass that lets nobody in, and each that ws writes', async (helm) => {
  // A value's last line end is no part of its line.
  const cases = listLineCases().map(({ text }) => text.trim());
  const written = cases.flatMap((text) => {
    try {
      return parseAuthorizedKeys(text, 'it').map(formatAuthorizedKey);
    } catch {
      return [];
    }
  });
  const { lines } = await ask(helm, [...cases, ...written]);
  const passed = cases.filter((_, index) => lines[index]?.passes);
  const useless = passed.filter((text) => !isOpening(readAuthorizedLine(text)) && !isOffCurve(text));
  expect(useless).toEqual([]);
  expect(passed.length).toBeGreaterThan(100);
  expect(passed.length).toBeLessThan(cases.length / 2);
  const refused = written.flatMap((line, index) => {
    const said = lines[cases.length + index];
    return said?.passes ? [] : [{ line, fault: said?.fault }];
  });
  expect(refused).toEqual([]);
  expect(written.length).toBeGreaterThan(100);
});

test.each(HELMS)('%s knows a key by the name that `ws keys` gives it, however it is padded', async (helm) => {
  const keys = KEYS.slice(0, 7).flatMap(({ type, blob }) => {
    const bare = blob.replace(/=+$/, '');
    return ['', '=', '==', '==='].map((padding) => ({ line: `restrict ${type} ${bare}${padding} me`, blob }));
  });
  const { lines } = await ask(
    helm,
    keys.map(({ line }) => line),
  );
  expect(lines.map(({ hash }) => hash)).toEqual(keys.map(({ blob }) => toKeyHash(blob)));
  expect(keys.map(({ line }) => readAuthorizedLine(line).key?.blob)).toEqual(keys.map(({ blob }) => blob));
});

test.each(HELMS)('L6H3-KEYAUTH: %s refuses a key whose parts do not fit together, and no other', async (helm) => {
  const cut = KEYS.flatMap(({ type, blob }) =>
    [1, 2, 3, 4, 8, 30].map((bytes) => {
      const wire = Buffer.from(blob, 'base64').subarray(0, -bytes);
      return `${type} ${wire.toString('base64')}`;
    }),
  );
  const long = KEYS.map(({ type, blob }) => {
    const wire = Buffer.concat([Buffer.from(blob, 'base64'), Buffer.from([0, 0, 0, 0])]);
    return `${type} ${wire.toString('base64')}`;
  });
  const other = KEYS.map(({ type }, index) => `${type} ${KEYS[(index + 1) % KEYS.length]?.blob}`);
  const variants = [...KEYS, ...listKeyVariants()].map(({ type, blob }) => `${type} ${blob}`);
  const all = [...cut, ...long, ...other, ...variants];
  const { lines } = await ask(helm, all);
  const differing = all.filter((line, index) => lines[index]?.passes !== isOpening(readAuthorizedLine(line)));
  expect(differing.filter((line) => !isOffCurve(line))).toEqual([]);
  expect(all.filter((line) => isOpening(readAuthorizedLine(line))).length).toBeGreaterThan(10);
});

/** A template cannot tell whether a point is on its curve. */
function isOffCurve(line: string): boolean {
  const type = /ecdsa-sha2-nistp\d+/.exec(line)?.[0];
  return type !== undefined && readAuthorizedLine(line).fault === 'the key is damaged';
}
