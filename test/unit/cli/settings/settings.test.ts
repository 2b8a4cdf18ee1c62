import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findDoubt, toLastingValue } from '../../../../src/cli/settings/doubts.ts';
import { ALL_SETTINGS, CHOICE_NAMES, rowOf, toFlagName } from '../../../../src/workspace/choices/chosen.ts';
import { listSettings } from '../../../../src/workspace/choices/known-settings.ts';
import { parseSettingKey } from '../../../../src/workspace/choices/settings.ts';
import { ws } from '../../../../src/workspace/errors/suggestion.ts';
import { saying } from '../../../spelling.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ws-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PLACE = { context: undefined, namespace: undefined, kubeconfig: undefined };
const { signal } = new AbortController();
const parse = (text: string) => parseSettingKey(text, (name) => ws`config get ${name}`);

describe.each(ALL_SETTINGS)('the setting %s', (key) => {
  it('is meant by every spelling of it, and shown as its flag', () => {
    const dashed = toFlagName(key);
    const spellings = [key, dashed, dashed.replaceAll('-', '_'), dashed.replaceAll('-', ''), dashed.toUpperCase()];
    for (const spelling of spellings) expect(parse(spelling), spelling).toBe(key);
    const [shown] = listSettings({}, {}).filter((setting) => setting.key === key);
    expect(shown).toMatchObject({ name: dashed, source: 'default', about: expect.stringMatching(/./) });
    expect(shown?.otherwise).not.toBe('');
  });

  it('comes from its variable, before the file and its former variable', () => {
    const { env = '', former } = rowOf(key).flag;
    const saved = { [key]: rowOf(key).read(rowOf(key).examples[0]) };
    const find = (environment: Record<string, string>) =>
      listSettings(saved, environment).find((setting) => setting.key === key);
    expect(find({})).toMatchObject({ value: rowOf(key).examples[0], source: 'setting' });
    expect(find({ [env]: 'x' })).toMatchObject({ value: 'x', source: 'variable', variable: env });
    expect(find({ [env]: '' })).toMatchObject({ source: 'setting' });
    if (former !== undefined) expect(find({ [former.env]: 'y' })).toMatchObject({ value: 'y', variable: former.env });
  });
});

describe('a setting that there is not', () => {
  it.each([
    ['storage-clas', 'ws config get storage-class'],
    ['sise', 'ws config get size'],
    ['usr', 'ws config get user'],
    ['storage', 'ws config get storage-class'],
  ])('%s leads to the one that was meant', (typed, line) => {
    expect(() => parse(typed)).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', suggestions: [saying(line), saying('ws config ls')] }),
    );
  });

  it('is also one that only a flag has', () => {
    for (const name of CHOICE_NAMES.filter((choice) => rowOf(choice).setting === undefined))
      expect(() => parse(toFlagName(name))).toThrow(/There is no setting/);
  });
});

describe('a key file', () => {
  it('is kept by its whole path, and doubted where it is not', async () => {
    const file = path.join(folder, 'key');
    writeFileSync(file, '');
    const near = path.relative(process.cwd(), file);
    expect(toLastingValue('identity', near)).toBe(file);
    expect(toLastingValue('identity', 'SHA256:abc')).toBe('SHA256:abc');
    expect(toLastingValue('user', near)).toBe(near);
    expect(await findDoubt('identity', file, PLACE, signal)).toBeUndefined();
    expect(await findDoubt('identity', 'SHA256:abc', PLACE, signal)).toBeUndefined();
    expect(await findDoubt('identity', `${file}-none`, PLACE, signal)).toMatchObject({
      text: `there is no file ${file}-none yet.`,
    });
  });
});
