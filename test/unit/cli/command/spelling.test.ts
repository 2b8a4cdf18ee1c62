import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { toSpell } from '../../../../src/cli/command/spelling.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import { kubectl, ws } from '../../../../src/workspace/errors/suggestion.ts';
import { readTyped } from '../../../../src/workspace/errors/typed-command.ts';
import { suggestNewKey, takingNewKey } from '../../../../src/workspace/keys/new-key.ts';
import { listMakings } from '../../../suggestions.ts';

const team = { context: 'work', namespace: 'team' };

afterEach(() => vi.unstubAllEnvs());

it('what the environment says is not repeated to ws, which finds it there again, but to kubectl', () => {
  vi.stubEnv('WS_CONTEXT', 'work');
  vi.stubEnv('WS_NAMESPACE', 'team');
  const spell = toSpell(team, 'dev');
  expect(spell(ws`up`).line).toBe('ws up dev --yes');
  expect(spell(kubectl`get pvc`).line).toBe('kubectl get pvc --context work --namespace team');
});

it.each([
  [true, ws`up`, 'ws up dev'],
  [false, ws`up`, 'ws up dev --yes'],
  [false, ws`up --create-namespace`, 'ws up dev --create-namespace --yes'],
  [false, ws`up --home old --sub-path dev --uid 1001`, 'ws up dev --home old --sub-path dev --uid 1001 --yes'],
  [false, ws`up --yes`, 'ws up dev --yes'],
  // It may restart what others work in, and nobody has agreed to that.
  [false, ws`up --memory 4Gi`, 'ws up dev --memory 4Gi'],
  [false, ws`up --uid 1001`, 'ws up dev --uid 1001'],
  [false, ws`ls`, 'ws ls'],
])('with a terminal: %s, the line makes a workspace as it is printed: %o', (isTTY, suggestion, line) => {
  const before = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
  onTestFinished(() => {
    if (before === undefined) Reflect.deleteProperty(process.stderr, 'isTTY');
    else Object.defineProperty(process.stderr, 'isTTY', before);
  });
  Object.defineProperty(process.stderr, 'isTTY', { value: isTTY, configurable: true });
  expect(toSpell({}, 'dev')(suggestion).line).toBe(line);
});

it('whoever reads JSON gets it at a terminal as well', () => {
  const typed = readTyped('status', ['nope', '--json'], [{ name: 'json', type: 'boolean' }]);
  expect(spell(ws`up`, { place: {}, typed, workspace: 'nope' }).line).toBe('ws up nope --yes --json');
  const again = readTyped('up', ['nope', '--json'], [{ name: 'json', type: 'boolean' }], () => true);
  expect(spell(ws`up`, { place: {}, typed: again, workspace: 'nope' }).line).toBe('ws up nope --yes --json');
});

it('a flag that says something else than the environment is', () => {
  vi.stubEnv('WS_NAMESPACE', 'mine');
  expect(toSpell(team)(ws`ls`).line).toBe('ws ls --context work --namespace team');
});

it('a new key gets a name that neither of its halves has', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'ws-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  vi.stubEnv('HOME', home);
  mkdirSync(path.join(home, '.ssh'));
  const names = ['id_ed25519', 'id_ed25519_ws', 'id_ed25519_ws2'];
  for (const [index, name] of names.entries()) {
    expect(toSpell({})(suggestNewKey()).line).toBe(`ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/${name}`);
    expect(toSpell({})(takingNewKey()).line).toBe(`ws up --identity ~/.ssh/${name} --yes`);
    writeFileSync(path.join(home, '.ssh', index === 1 ? `${name}.pub` : name), '');
  }
});

it('nobody suggests ssh-keygen without the file that it is to make: it would offer to overwrite one', () => {
  const makings = listMakings().makings.filter(({ program }) => program === 'ssh-keygen');
  const words = makings.map(({ make, holes }) => make(holes.map(() => 'x')).words);
  expect(words.filter((one) => one.includes('-t') && !one.includes('-f'))).toEqual([]);
  expect(words.filter((one) => one.includes('-t'))).not.toEqual([]);
});
