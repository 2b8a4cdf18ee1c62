import { describe, expect, it } from 'vitest';
import { EXPLAINED, findSubject } from '../../../../src/cli/front/meant/find-subject.ts';
import { listNeighbours } from '../../../../src/cli/front/meant/neighbours.ts';
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

  it.each([
    [['ssh', 'dev'], ['ssh']],
    [['use', 'dev', '--yes'], ['use']],
    [
      ['keys', 'add', 'FILE'],
      ['keys', 'add'],
    ],
    [['use'], ['use']],
  ])('the command that %j begins with', (words, path) => {
    expect(find(...words)).toEqual({ kind: 'command', path });
  });

  it.each([[['ws', 'up']], [['ws-up']], [['workspace', 'up']]])('the command in %j', (words) => {
    expect(find(...words)).toEqual({ kind: 'command', path: ['up'] });
  });

  it('a topic, or everything', () => {
    expect(find('keys')).toEqual({ kind: 'command', path: ['keys'] });
    expect(find()).toEqual({ kind: 'command', path: [] });
  });

  it.each([...listNeighbours([], []).keys()].filter((word) => catalogue.find([word]) === undefined))(
    'a command of ours where another tool says %s',
    (word) => {
      try {
        find(word);
        expect.unreachable();
      } catch (error) {
        const [line = ''] = toLines((error as { suggestions: [] }).suggestions);
        const [, help, ...path] = line.split(' ');
        expect([help, catalogue.find(path)]).toEqual(['help', expect.anything()]);
      }
    },
  );

  it.each([
    [['stauts'], ['ws help status']],
    [['keys', 'ad'], ['ws help keys add']],
    [['workspace-mising'], ['ws help WORKSPACE_MISSING']],
    [['delete'], ['ws help down']],
    [['exec'], ['ws help ssh']],
    [['scp'], ['ws help config-ssh']],
    [['rename'], ['ws help up']],
    [['ws', 'rename'], ['ws help up']],
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
