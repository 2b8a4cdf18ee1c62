import { afterEach, expect, it, vi } from 'vitest';
import { toSpell } from '../../../../src/cli/command/spelling.ts';
import { kubectl, ws } from '../../../../src/workspace/errors/suggestion.ts';

const team = { context: 'work', namespace: 'team' };

afterEach(() => vi.unstubAllEnvs());

it('what the environment says is not repeated to ws, which finds it there again, but to kubectl', () => {
  vi.stubEnv('WS_CONTEXT', 'work');
  vi.stubEnv('WS_NAMESPACE', 'team');
  const spell = toSpell(team, 'dev');
  expect(spell(ws`up`).line).toBe('ws up dev');
  expect(spell(kubectl`get pvc`).line).toBe('kubectl get pvc --context work --namespace team');
});

it('a flag that says something else than the environment is', () => {
  vi.stubEnv('WS_NAMESPACE', 'mine');
  expect(toSpell(team)(ws`ls`).line).toBe('ws ls --context work --namespace team');
});
