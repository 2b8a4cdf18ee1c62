import { describe, expect, it } from 'vitest';
import { toPlaceholder } from '../../../../src/cli/words/faults/flag-faults.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { advice, findPlaceholders, run, type Suggestion, ws } from '../../../../src/workspace/errors/suggestion.ts';
import { readTyped } from '../../../../src/workspace/errors/typed-command.ts';
import { listMakings } from '../../../suggestions.ts';
import { catalogue, commandIds } from '../../cli/front/type-line.ts';

const find = (suggestion: Suggestion, typed?: string[]) =>
  spell(suggestion, {
    place: { context: 'PROD' },
    workspace: 'dev',
    typed: typed && readTyped('ssh', typed, []),
  }).placeholders;

/** Upper-case words of our own that stand for themselves. */
const NAMES = /^(?:(?:WS_[A-Z_]+|KUBECONFIG|HOME|REQUEST_METHOD|SSH_AUTH_SOCK)(?:=|$)|hole=C\.UTF-8)/;

describe('what has to be replaced in a suggested line', () => {
  it.each<[string, Suggestion, string[] | undefined]>([
    ['a file', ws`keys add FILE.pub`, ['FILE.pub']],
    ['two words in one', ws`up --image NAME:TAG`, ['NAME:TAG']],
    ['the name of another workspace', { ...ws`up`, workspace: 'OTHER-NAME' }, ['OTHER-NAME']],
    ['the value of a variable', run('export')`WS_CONFIG_DIR=FOLDER`, ['FOLDER']],
    ['a path', run('export')`WS_HELM=/path/to/helm`, ['/path/to/helm']],
    ['a command with its input', ws`ssh -d --tmux=${'x'} -- ${'COMMAND <input'}`, ['COMMAND']],
    ['several, each once', ws`ssh FILE NAME FILE`, ['FILE', 'NAME']],
    ['nothing', ws`up --image ${'ghcr.io/NAMES/x:TAG'}`, undefined],
    ['no code of an error', ws`help INTERRUPTED`, undefined],
    ['no sentence', advice('Push it, with NAME:TAG'), undefined],
  ])('is %s', (_what, suggestion, expected) => expect(find(suggestion)).toEqual(expected));

  it('is nothing that somebody typed', () => {
    expect(find({ ...ws`ssh dev -- make FILE NAME`, again: { verb: 'whole' } }, ['dev', '--', 'make', 'FILE'])).toEqual(
      ['NAME'],
    );
  });

  it('stands in the line as it is said', () => {
    const { line, placeholders = [] } = spell(ws`ssh -d -- ${'COMMAND <input'}`, { place: {} });
    for (const one of placeholders) expect(line).toContain(one);
  });

  it('is each upper-case word that the source puts into one', () => {
    const words = listMakings().makings.flatMap(({ at, holes, workspace, make }) => {
      // A hole's own word, as of `?? 'NAME'`.
      const values = holes.map(({ source }) => /'(?<word>[A-Z][^']*)'$/.exec(source)?.groups?.['word'] ?? 'hole');
      return [...make(values).words, workspace ?? ''].map((word) => ({ at, word }));
    });
    const isUpper = (word: unknown) => typeof word === 'string' && /(?:^|[= ])[A-Z][A-Z]/.test(word);
    const said = words.filter(({ word }) => isUpper(word) && findPlaceholders(word).length === 0);
    expect(said.filter(({ word }) => !NAMES.test(String(word)) || String(word).includes('=FO'))).toEqual([]);
    expect(words.some(({ word }) => findPlaceholders(word).length > 0)).toBe(true);
  });

  it('is what the help calls the value of a flag', () => {
    const values = commandIds
      .flatMap((id) => catalogue.find(id.split(':'))?.flags ?? [])
      .filter(({ type, options }) => type === 'option' && options === undefined)
      .map(({ helpValue }) => toPlaceholder(String(helpValue ?? 'VALUE')));
    for (const value of new Set(values)) expect(findPlaceholders(value), value).toEqual([value]);
  });
});
