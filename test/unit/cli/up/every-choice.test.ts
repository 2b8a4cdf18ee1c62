/**
 * All that derives from a row of the table, held for each row: a new row has its flag, its variable, its values, its
 * words, its setting and its question, and needs no other file.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Parser } from '@oclif/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSettings } from '../../../../src/adapters/files/settings-store.ts';
import { type UpFlags, upFlags } from '../../../../src/cli/up/up-flags.ts';
import type { Offer } from '../../../../src/workspace/choices/choice.ts';
import {
  CHOICE_NAMES,
  type ChoiceName,
  type Choices,
  parseChoices,
  QUESTION_NAMES,
  rowOf,
  SETTING_KEYS,
  toFlagName,
  toWords,
} from '../../../../src/workspace/choices/chosen.ts';
import { valuesOf } from '../../../../src/workspace/choices/form.ts';
import { readAnswers, toFields, toPresets } from '../../../../src/workspace/choices/questions.ts';
import { parseSetting } from '../../../../src/workspace/choices/settings.ts';
import { toValues } from '../../../../src/workspace/choices/values.ts';
import { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { hostileText, property } from '../../../fuzz/property.ts';
import { findValuesFaults } from '../../../json-schema.ts';
import { saying } from '../../../spelling.ts';
import { makeIdentity } from '../../operations/fake-world.ts';

/** The choices that oclif and the table make of these words. */
async function parse(words: string[]): Promise<Choices> {
  const { flags } = await Parser.parse(words, { flags: upFlags, strict: true });
  return parseChoices(flags as UpFlags);
}

/** A text that the row takes, with a character more, less or another. */
function near(name: ChoiceName): fc.Arbitrary<string> {
  const piece = fc.constantFrom(...'', '0', '-', '.', '/', ':', '=', '@', ' ', 'A', 'é', '_', '00', ',', '\n', '..');
  return fc
    .record({ text: fc.constantFrom(...rowOf(name).examples), at: fc.nat(50), length: fc.nat(2), piece })
    .map(({ text, at, length, piece: put }) => text.slice(0, at) + put + text.slice(at + length));
}

const OFFER: Offer = {
  storageClasses: [
    { name: 'slow', provisioner: 'x', isDefault: false, bindingMode: 'Immediate', canGrow: true },
    { name: 'fast', provisioner: 'x', isDefault: true, bindingMode: 'Immediate', canGrow: true },
  ],
  identities: [makeIdentity(1), makeIdentity(2, { path: undefined })],
  agent: { kind: 'none' },
  newKeyPath: '/home/me/.ssh/id_ed25519',
  keyFolder: '~/.ssh',
};

describe.each(CHOICE_NAMES)('%s', (name) => {
  const flag = `--${toFlagName(name)}`;
  const { examples, question } = rowOf(name);

  it.each(examples)(
    'has a flag that takes %s, words that say it again, and values that the chart takes',
    async (text) => {
      const choices = await parse([flag, text]);
      expect(Object.keys(choices)).toEqual([name]);
      expect(toWords(choices)).toEqual([flag, text]);
      expect(findValuesFaults(toValues({ workspace: 'dev', choices }))).toEqual([]);
    },
  );

  property(
    'refuses a text, or the chart takes it and its words say it again',
    fc.oneof(near(name), hostileText),
    async (text) => {
      let choices: Choices;
      try {
        choices = await parse([`${flag}=${text}`]);
      } catch (error) {
        expect(error).toBeInstanceOf(WorkspaceError);
        expect(error).toMatchObject({
          code: rowOf(name).refusal.code,
          kind: 'usage',
          reason: expect.stringMatching(/./),
        });
        expect((error as Error).message).toMatch(`${flag} "`);
        return;
      }
      expect(await parse(toWords(choices))).toEqual(choices);
      expect(findValuesFaults(toValues({ workspace: 'dev', choices }))).toEqual([]);
    },
  );

  it('has a variable that says the same, unless it may be repeated', async () => {
    const { env, multiple } = rowOf(name).flag;
    expect(env === undefined).toBe(multiple === true);
    if (env === undefined) return;
    process.env[env] = examples[0];
    try {
      expect(await parse([])).toEqual(await parse([flag, examples[0]]));
    } finally {
      delete process.env[env];
    }
  });

  if (question !== undefined)
    it('is asked, and each answer that can be given is a text of the flag', async () => {
      const fields = toFields({}, OFFER, {}).filter((field) => field.id === name);
      expect(fields).toHaveLength(1);
      for (const field of fields)
        for (const text of field.kind === 'text' ? [field.value] : field.options.map(({ value }) => value))
          expect(await parse([flag, text])).toEqual(readAnswers({ [name]: text }));
      expect(toFields(await parse([flag, examples[0]]), OFFER, {}).map(({ id }) => id)).not.toContain(name);
    });
});

describe('the settings of the table', () => {
  it.each(SETTING_KEYS)('%s is kept as its flag reads it', async (key) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ws-choice-'));
    try {
      const [text] = rowOf(key).examples;
      await openSettings(folder, 0).update((all) => ({ ...all, ...parseSetting(key, text) }));
      const again = openSettings(folder, 0);
      expect([again.setAside, again.read()]).toEqual([undefined, await parse([`--${toFlagName(key)}`, text])]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(SETTING_KEYS.filter((key) => rowOf(key).findFault('\n') !== undefined))(
    '%s is refused in its own words',
    (key) => {
      expect(() => parseSetting(key, '\n')).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(`^${toFlagName(key)} "`),
          suggestions: expect.arrayContaining([saying(new RegExp(`^ws config set ${toFlagName(key)} `))]),
        }),
      );
    },
  );
});

describe('the form of the table', () => {
  it('shows what --yes takes, where a cluster has a default class', () => {
    const presets = toPresets({}, OFFER);
    expect(valuesOf(toFields({}, OFFER, {}))).toEqual(presets);
    expect(Object.keys(presets)).toEqual(QUESTION_NAMES);
    expect(findValuesFaults(toValues({ workspace: 'dev', choices: readAnswers(presets) }))).toEqual([]);
  });

  it('begins where it ended: the answers are kept, and stand there the next time', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ws-choice-'));
    try {
      // Of a list the last but one: the first is chosen without having been, and the last class is none.
      const answers = Object.fromEntries(
        toFields({}, OFFER, {}).map((field) => [
          field.id,
          field.kind === 'text' ? rowOf(field.id as ChoiceName).examples[0] : (field.options.at(-2)?.value ?? ''),
        ]),
      );
      await openSettings(folder, 0).update((all) => ({ ...all, lastAnswers: readAnswers(answers) }));
      const again = openSettings(folder, 0);
      const fields = toFields({}, OFFER, again.read().lastAnswers ?? {});
      expect([again.setAside, valuesOf(fields)]).toEqual([undefined, answers]);
      for (const field of fields)
        expect(field.kind === 'text' ? field.origin : field.options[field.index]?.detail).toMatch(/^as last time/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has labels that fit their column', () => {
    const view = readFileSync(path.resolve(import.meta.dirname, '../../../../src/report/asking/form-view.tsx'), 'utf8');
    const width = Number(/LABEL_WIDTH = (\d+)/.exec(view)?.[1]);
    for (const { label } of toFields({}, OFFER, {})) expect(label.length).toBeLessThan(width);
  });
});
