import { describe, expect, it } from 'vitest';
import { withPlace, withPlaceInError } from '../../../../src/cli/command/place-words.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';

const team = { context: 'work', namespace: 'team' };

describe('a command to copy', () => {
  it.each([
    ['ws up dev', 'ws up dev --context work --namespace team'],
    ['ws ssh dev -- ls', 'ws ssh dev --context work --namespace team -- ls'],
    [
      'ws ssh dev --identity FILE   (the private key)',
      'ws ssh dev --identity FILE --context work --namespace team   (the private key)',
    ],
    [
      'kubectl describe pvc x   (see "Used By")',
      'kubectl describe pvc x --context work --namespace team   (see "Used By")',
    ],
    ['ws up --namespace NAME   (one that is yours)', 'ws up --namespace NAME --context work   (one that is yours)'],
    ["ws use dev   (makes it this directory's)", "ws use dev   (makes it this directory's)"],
    ['ws config ls', 'ws config ls'],
    ['kubectl config get-contexts', 'kubectl config get-contexts'],
    ['ws --help', 'ws --help'],
    ['Name one after the command', 'Name one after the command'],
    ['ws config-ssh --yes', 'ws config-ssh --yes --context work --namespace team'],
  ])('%s', (command, expected) => {
    expect(withPlace(command, team, {})).toBe(expected);
  });

  it('is about the workspace that ws up was called with, and quoted', () => {
    expect(withPlace('ws up --uid 1000', { workspace: 'dev' }, {})).toBe('ws up dev --uid 1000');
    expect(withPlace('ws up other --uid 1', { workspace: 'dev' }, {})).toBe('ws up other --uid 1');
    expect(withPlace('ws ls', { kubeconfig: '/my files/config' }, {})).toBe("ws ls --kubeconfig '/my files/config'");
  });

  it('is as it was where no flag was given, or the environment says it', () => {
    expect(withPlace('ws up', {}, {})).toBe('ws up');
    const environment = { WS_CONTEXT: 'work', WS_NAMESPACE: 'team' };
    expect(withPlace('ws up', team, environment)).toBe('ws up');
    expect(withPlace('kubectl get pvc', team, environment)).toBe('kubectl get pvc --context work --namespace team');
  });
});

describe('an error', () => {
  it('keeps all but the place of its suggestions', () => {
    const error = failure('HOME_IN_USE', { message: 'm', reason: 'r', suggestions: ['ws ls'], cause: 1 });
    const placed = withPlaceInError(error, team, {}) as WorkspaceError;
    expect(placed).toMatchObject({ code: 'HOME_IN_USE', message: 'm', reason: 'r', cause: 1, stack: error.stack });
    expect(placed.suggestions).toEqual(['ws ls --context work --namespace team']);
    const bug = new TypeError('x');
    expect(withPlaceInError(bug, team, {})).toBe(bug);
  });
});
