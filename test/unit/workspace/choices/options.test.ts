import { describe, expect, it } from 'vitest';
import type { Offer } from '../../../../src/workspace/choices/choice.ts';
import { listStorageOptions } from '../../../../src/workspace/choices/options.ts';
import { toPresets } from '../../../../src/workspace/choices/questions.ts';
import { advice } from '../../../../src/workspace/errors/suggestion.ts';
import type { AgentState } from '../../../../src/workspace/keys/agents.ts';
import { saying } from '../../../spelling.ts';
import { makeIdentity } from '../../operations/fake-world.ts';

const NEW = '/home/me/.ssh/id_ed25519';
const choose = (agent: AgentState, identities: Offer['identities'] = []) =>
  toPresets({}, { storageClasses: [], identities, agent, newKeyPath: NEW, keyFolder: '~/.ssh' })['identity'];
const name = 'the ssh agent /x (IdentityAgent)';
const empty = (isUnlocked: boolean, isNamedByConfiguration: boolean): AgentState => ({
  kind: 'empty',
  name,
  isUnlocked,
  isNamedByConfiguration,
});
const silent: AgentState = { kind: 'silent', name, reason: 'nobody listens', remedy: [advice('start it')] };

describe('the key of ws up --yes', () => {
  it.each<[string, AgentState]>([
    ['without an agent', { kind: 'none' }],
    ['beside an agent that everybody has, empty', empty(true, false)],
  ])('is a new one %s', (_what, agent) => expect(choose(agent)).toBe(NEW));

  it.each<[string, AgentState, string]>([
    ['does not answer', silent, 'start it'],
    ['may be locked', empty(false, false), 'Unlock the agent, or ssh-add a key'],
    ['was named on purpose and lists nothing', empty(true, true), 'Unlock the agent, or ssh-add a key'],
  ])('is never a new one beside an agent that %s', (_what, agent, suggestion) => {
    expect(() => choose(agent)).toThrow(
      expect.objectContaining({
        code: 'AGENT_SILENT',
        reason: expect.stringContaining(name),
        suggestions: expect.arrayContaining([saying(suggestion), saying('ws up --identity FILE')]),
      }),
    );
    const identity = makeIdentity(1);
    expect(choose(agent, [identity])).toBe(identity.path);
  });

  it('of an agent is named by its fingerprint', () => {
    const identity = makeIdentity(1, { path: undefined });
    expect(choose({ kind: 'none' }, [identity])).toBe(identity.fingerprint);
  });
});

describe('the home of ws up --yes', () => {
  const offer = (storageClasses: Offer['storageClasses']): Offer => ({
    ...{ storageClasses, identities: [makeIdentity(1)], agent: { kind: 'none' }, newKeyPath: NEW, keyFolder: '~/.ssh' },
  });
  const shared = { provisioner: 'x', bindingMode: 'Immediate', canGrow: false } as const;
  const plain = { ...shared, name: 'plain', isDefault: false };

  it.each<[string, Offer['storageClasses'], string, string[]]>([
    [
      'is on the default class',
      [plain, { ...shared, name: 'fast', isDefault: true }],
      'fast',
      ['fast', 'plain', 'none'],
    ],
    ['goes with its pod where no class is the default', [plain], 'none', ['plain', 'none']],
    ['goes with its pod where there is no class', [], 'none', ['none']],
    ['is on whatever the cluster has where nobody may look', undefined, 'default', ['default', 'none']],
  ])('%s', (_what, classes, preset, options) => {
    expect(toPresets({}, offer(classes))['storageClass']).toBe(preset);
    expect(listStorageOptions(offer(classes)).map(({ value }) => value)).toEqual(options);
  });
});
