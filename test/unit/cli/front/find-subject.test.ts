import { describe, expect, it } from 'vitest';
import { EXPLAINED, findSubject } from '../../../../src/cli/front/meant/find-subject.ts';
import { toLines } from '../../../spelling.ts';
import { catalogue, commandIds } from './type-line.ts';

const find = (...words: string[]) => findSubject(words, catalogue);

describe('help is about', () => {
  it.each(EXPLAINED)('the error %s, in any case and with any dashes', (code) => {
    for (const typed of [code, code.toLowerCase(), code.replaceAll('_', '-'), code.toLowerCase().replaceAll('_', '-')])
      expect(find(typed)).toEqual({ kind: 'code', code });
    expect(find(...code.toLowerCase().split('_'))).toEqual({ kind: 'code', code });
  });

  it.each(commandIds)('the command %s', (id) => {
    expect(find(...id.split(':'))).toEqual({ kind: 'command', path: id.split(':') });
  });

  it('a topic, or everything', () => {
    expect(find('keys')).toEqual({ kind: 'command', path: ['keys'] });
    expect(find()).toEqual({ kind: 'command', path: [] });
  });

  it.each([
    [['stauts'], ['ws help status']],
    [['keys', 'ad'], ['ws help keys add']],
    [['workspace-mising'], ['ws help WORKSPACE_MISSING']],
    [['delete'], ['ws help down']],
    [['nonsense'], ['ws --help']],
  ])('nothing like %j, which leads to %j', (words, lines) => {
    try {
      find(...words);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'BAD_VALUE' });
      expect(toLines((error as { suggestions: [] }).suggestions)).toEqual(lines);
    }
  });
});
