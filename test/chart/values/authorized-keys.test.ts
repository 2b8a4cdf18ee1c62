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
import { KEYS } from '../../authorized/keys.ts';
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
  const types = [...new Set([...Object.keys(KEY_TYPES), ...KEYS.map(({ type }) => type)])];
  const { options, lines } = await ask(
    helm,
    types.map((type) => `${type} AAAAB3NzaC1`),
  );
  const ours = Object.entries(KEY_OPTIONS).map(([name, { value }]) => [name, value?.source ?? '']);
  expect(options).toEqual(Object.fromEntries(ours));
  expect(types.filter((_, index) => lines[index]?.passes)).toEqual(Object.keys(KEY_TYPES));
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
  // It cannot tell a key that is damaged from one that is not.
  const useless = passed.filter((text) => !isOpening(readAuthorizedLine(text)) && !isDamaged(text));
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

function isDamaged(line: string): boolean {
  return /damaged|cut short|but holds a key of type/.test(readAuthorizedLine(line).fault ?? '');
}
