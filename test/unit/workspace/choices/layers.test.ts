import { describe, expect, it } from 'vitest';
import type { Choices } from '../../../../src/workspace/choices/chosen.ts';
import { addAnswers, completeChoices, layChoices, listReadSettings } from '../../../../src/workspace/choices/layers.ts';
import type { Settings } from '../../../../src/workspace/choices/settings.ts';
import { saying } from '../../../spelling.ts';
import { claim } from '../snapshots.ts';

/** What is said, without what is left open. */
const lay = (typed: Choices, kept?: Parameters<typeof claim>[0], saved: Settings = {}) =>
  JSON.parse(JSON.stringify(layChoices(typed, kept === undefined ? undefined : claim(kept), saved)));

describe('what is known of a new workspace', () => {
  it('is what was typed, else what is saved', () => {
    const saved: Settings = {
      user: 'bob',
      uid: 7,
      gid: 8,
      image: 'ws:1',
      identity: '/key',
      directories: { '/a': 'b' },
    };
    expect(lay({ user: 'alice', memory: '1Gi' }, undefined, saved)).toEqual({
      ...{ user: 'alice', uid: 7, gid: 8 },
      ...{ image: 'ws:1', identity: '/key', memory: '1Gi' },
    });
  });

  it('is what a kept home remembers before what is saved', () => {
    const kept = { user: 'carol', uid: 5, gid: 6, subPath: 'a/b', storageClass: 'fast', requested: '20Gi' };
    const saved = { user: 'bob', uid: 7, gid: 8, storageClass: 'slow', size: '1Gi' };
    expect(lay({}, kept, saved)).toEqual({
      ...{ user: 'carol', uid: 5, gid: 6, subPath: 'a/b' },
      ...{ storageClass: 'fast', size: '20Gi' },
    });
    // The group of a home goes with its user.
    expect(lay({ uid: 9 }, kept, saved)).toMatchObject({ uid: 9, gid: 8 });
  });

  it.each<[string, Choices, Parameters<typeof claim>[0] | undefined, Settings, Choices]>([
    [
      'a kept size stays when only the class is typed',
      { storageClass: 'fast' },
      { requested: '20Gi' },
      {},
      { storageClass: 'fast', size: '20Gi' },
    ],
    [
      'a typed size grows a kept home',
      { size: '30Gi' },
      { requested: '20Gi' },
      {},
      { storageClass: 'fast', size: '30Gi' },
    ],
    [
      'a kept home without a class has the default',
      {},
      { storageClass: undefined },
      {},
      { storageClass: 'default', size: '10Gi' },
    ],
    ['no volume is no kept home', { storageClass: 'none' }, {}, {}, { storageClass: 'none' }],
    ['nor a saved size', { storageClass: 'none' }, undefined, { size: '5Gi' }, { storageClass: 'none' }],
    [
      'another claim is no kept home either',
      { home: 'data' },
      {},
      { storageClass: 'slow', size: '5Gi' },
      { home: 'data' },
    ],
    [
      'a typed size is of the saved class',
      { size: '3Gi' },
      undefined,
      { storageClass: 'slow' },
      { storageClass: 'slow', size: '3Gi' },
    ],
    [
      "a typed size alone is of the cluster's own class",
      { size: '3Gi' },
      undefined,
      {},
      { storageClass: 'default', size: '3Gi' },
    ],
    [
      'a typed size wins over a saved none',
      { size: '3Gi' },
      undefined,
      { storageClass: 'none' },
      { storageClass: 'default', size: '3Gi' },
    ],
    ['a saved size waits for a class', {}, undefined, { size: '5Gi' }, { size: '5Gi' }],
    ['a saved none has no size', {}, undefined, { storageClass: 'none', size: '5Gi' }, { storageClass: 'none' }],
  ])('%s', (_what, typed, kept, saved, home) => {
    const { user: _user, ...known } = lay(typed, kept, saved);
    expect(known).toEqual(home);
  });
});

describe('a setting that somebody wrote into the file', () => {
  it('is refused in its own words where it would count', () => {
    expect(() => lay({}, undefined, { size: 'huge' })).toThrow(
      expect.objectContaining({
        code: 'BAD_SIZE',
        message: 'size "huge" is not a size',
        suggestions: [saying('ws config set size 10Gi')],
      }),
    );
    expect(lay({ size: '1Gi' }, undefined, { size: 'huge' })).toMatchObject({ size: '1Gi' });
  });

  it('is read as its flag would be, and said to be where it counts', () => {
    const saved: Settings = { size: '10 GB', cpu: 'huge', memory: '4Gi' };
    const laid = layChoices({ cpu: '2' }, undefined, { ...saved, storageClass: 'fast' });
    expect(laid).toMatchObject({ size: '10Gi', cpu: '2', memory: '4Gi' });
    expect(listReadSettings(saved, laid)).toEqual([{ name: 'size', text: '10 GB', said: 'the setting size' }]);
    expect(listReadSettings(saved, layChoices({ size: '1Gi', cpu: '2' }, undefined, saved))).toEqual([]);
  });
});

describe('what follows from the answers', () => {
  it('is no size without a volume', () => {
    expect(addAnswers({ size: '5Gi' }, { storageClass: 'none' })).toEqual({ storageClass: 'none', size: undefined });
    expect(addAnswers({ size: '5Gi' }, { storageClass: 'fast' })).toEqual({ storageClass: 'fast', size: '5Gi' });
  });

  it("is a user's own group, and a size of a new claim alone", () => {
    expect(completeChoices({ uid: 5, storageClass: 'default' }, undefined)).toMatchObject({
      uid: 5,
      gid: 5,
      size: '10Gi',
    });
    expect(completeChoices({ uid: 5, gid: 6, storageClass: 'none' }, undefined)).toMatchObject({
      gid: 6,
      size: undefined,
    });
    expect(completeChoices({ home: 'data' }, undefined)).toMatchObject({ size: undefined });
    const kept = claim({ requested: undefined });
    expect(completeChoices(layChoices({}, kept, {}), kept)).toMatchObject({ storageClass: 'fast', size: undefined });
  });
});
