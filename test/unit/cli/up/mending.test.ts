/** Which of the suggested lines a failed `ws up` offers to run. */
import { expect, it } from 'vitest';
import { findMending } from '../../../../src/cli/up/mending.ts';
import { upFlags } from '../../../../src/cli/up/up-flags.ts';
import { type ErrorCode, failure } from '../../../../src/workspace/errors/errors.ts';
import { spellWords } from '../../../../src/workspace/errors/spell.ts';
import { advice, kubectl, type Suggestion, ws } from '../../../../src/workspace/errors/suggestion.ts';
import { readTyped } from '../../../../src/workspace/errors/typed-command.ts';

const shapes = Object.entries(upFlags).map(([name, flag]) => ({ ...flag, name }));

/** The line that is offered after `ws up WORDS` failed with this. */
function offer(words: string, code: ErrorCode, suggestions: Suggestion[]): string | undefined {
  const typed = readTyped('up', words.split(' '), shapes, () => true);
  const situation = { place: { context: 'k', namespace: 'n' }, inherited: { context: 'k', namespace: 'n' }, typed };
  const about = { ...situation, workspace: 'dev' };
  const found = findMending(failure(code, { message: 'No', suggestions }), about);
  return found && spellWords(found, about).join(' ');
}

const FAILED = 'WORKSPACE_FAILED';

it.each<[string, string, ErrorCode, Suggestion[], string | undefined]>([
  [
    'the typed line with other numbers',
    'dev --cpu 8 --size 5Gi',
    FAILED,
    [ws`up --cpu 500m`],
    'ws up dev --cpu 500m --size 5Gi',
  ],
  ['what stands behind a sentence', 'dev', FAILED, [advice('Ask'), ws`up --memory 1Gi`], 'ws up dev --memory 1Gi'],
  ['what stands behind another program', 'dev', FAILED, [kubectl`get nodes`, ws`up --cpu 1`], 'ws up dev --cpu 1'],
  [
    'a namespace that is to be made',
    'dev',
    'NAMESPACE_MISSING',
    [ws`up --create-namespace`],
    'ws up dev --create-namespace',
  ],
  [
    'no volume, where that was typed',
    'dev --storage-class none',
    FAILED,
    [ws`up --cpu 1`],
    'ws up dev --storage-class none --cpu 1',
  ],
  ['nothing that loses the home', 'dev', FAILED, [ws`up --storage-class none`], undefined],
  ['nothing that trusts a key', 'dev', 'HOST_KEY_CHANGED', [ws`up --accept-host-key`], undefined],
  ['nothing to fill in', 'dev', FAILED, [ws`up --image NAME:TAG`, ws`up --storage-class NAME`], undefined],
  ['no other workspace to name', 'dev', 'HOME_CONFLICT', [{ ...ws`up`, workspace: 'OTHER-NAME' }], undefined],
  ['no namespace to name', 'dev', FAILED, [{ ...ws`up`, place: { namespace: 'NAME' } }], undefined],
  ['no path that a shell completes', 'dev', FAILED, [ws`up --identity ~/.ssh/id`], undefined],
  ['not the same line again', 'dev --cpu 1', FAILED, [ws`up --cpu 1`], undefined],
  ['nothing that deletes', 'dev', FAILED, [ws`homes rm old`, ws`down`], undefined],
  ['nothing after Ctrl-C', 'dev', 'INTERRUPTED', [ws`up --repair`], undefined],
  ['nothing for a typing fault', 'dev', 'BAD_SIZE', [ws`up --size 5Gi`], undefined],
  ['nothing without a suggestion', 'dev', FAILED, [], undefined],
])('%s', (_what, words, code, suggestions, line) => {
  expect(offer(words, code, suggestions)).toBe(line);
});
