import { describe, expect, it } from 'vitest';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { readTyped } from '../../../../src/workspace/errors/typed-command.ts';
import {
  findNearestName,
  parseAddress,
  parseWorkspaceName,
  readAddress,
} from '../../../../src/workspace/naming/address.ts';

function refuse(act: () => unknown): WorkspaceError {
  try {
    act();
  } catch (error) {
    return error as WorkspaceError;
  }
  throw new Error('it was taken');
}

/** The lines that `ws VERB TEXT` suggests. */
function suggest(text: string, verb = 'ssh'): string[] {
  const behind = verb === 'ssh' ? ['--', 'make'] : [];
  const typed = readTyped(verb, [text, ...behind], [], () => true);
  return refuse(() => parseAddress(text)).suggestions.map((one) => spell(one, { place: {}, typed }).line);
}

describe("a workspace's address", () => {
  it.each([
    ['dev', undefined, 'dev'],
    ['me@dev', 'me', 'dev'],
    ['ws-dev', undefined, 'ws-dev'],
    ['my.release-1', undefined, 'my.release-1'],
  ])('may be %s', (text, user, name) => {
    expect(parseAddress(text)).toBe(text);
    expect(readAddress(text)).toEqual({ user, name });
  });

  it.each([
    ['dev.', 'ws ssh dev -- make'],
    ['DEV', 'ws ssh dev -- make'],
    [' dev', 'ws ssh dev -- make'],
    ['dev ', 'ws ssh dev -- make'],
    ['dev\u00a0', 'ws ssh dev -- make'],
    ['ｄｅｖ', 'ws ssh dev -- make'],
    ['ws/dev', 'ws ssh dev -- make'],
    ['deployment/ws-dev', 'ws ssh dev -- make'],
    ['deployment.apps/ws-dev', 'ws ssh dev -- make'],
    ['pod/ws-dev', 'ws ssh dev -- make'],
    ['team/dev', 'ws ssh dev --namespace team -- make'],
    ['ssh://developer@dev:2222', 'ws ssh dev -- make'],
    ['https://dev/', 'ws ssh dev -- make'],
    ['me@DEV', 'ws ssh dev -- make'],
    ['@dev', 'ws ssh dev -- make'],
    ['dev@', 'ws ssh dev -- make'],
    ['Me Too@dev', 'ws ssh dev -- make'],
    ['dev:', 'ws ssh dev -- make'],
    ['my project', 'ws ssh my-project -- make'],
    ['my_project', 'ws ssh my-project -- make'],
    ['Café', 'ws ssh cafe -- make'],
  ])('is not %j, and the nearest right line is %s', (text, line) => {
    expect(suggest(text)).toEqual([line, 'ws ls']);
  });

  it.each(['', '🚀', '開発', '\u202e', '***', '/', '@', '..'])('is not %j, to which no name is near', (text) => {
    expect(suggest(text)).toEqual(['ws ls']);
  });

  it('is shown as it was typed, and who said it', () => {
    expect(refuse(() => parseAddress('a\u202eb')).message).toBe('"a\\u202eb" cannot be a workspace\'s name');
    expect(refuse(() => parseAddress('DEV', 'WS_WORKSPACE')).message).toMatch(/^WS_WORKSPACE "DEV" cannot/);
  });

  it('proposes only names that a workspace can have', () => {
    for (const text of ['1dev', 'x'.repeat(80), `${'a-'.repeat(30)}`, 'ÄÖÜ.ß', '--a--', 'a/b/c/d'])
      expect(parseWorkspaceName(findNearestName(text)?.name ?? 'none'), text).toMatch(/^[a-z]/);
  });
});

describe("a new workspace's name", () => {
  it.each(['a', 'dev', 'my-project', 'a1', 'a'.repeat(40)])('may be %s', (name) => {
    expect(parseWorkspaceName(name)).toBe(name);
  });

  it.each(['', 'Dev', '1dev', '-dev', 'dev-', 'a.b', 'a_b', 'a b', 'ä', 'dev\n'])('may not be "%s"', (name) => {
    expect(refuse(() => parseWorkspaceName(name))).toMatchObject({
      code: 'BAD_WORKSPACE_NAME',
      reason: expect.stringMatching(/^a name has lower-case/),
    });
  });

  it('may not be longer than the labels it becomes part of allow', () => {
    expect(refuse(() => parseWorkspaceName('a'.repeat(41))).reason).toBe('it has 41 characters; 40 fit');
  });
});
