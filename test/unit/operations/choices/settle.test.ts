import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromKeyObject } from '../../../../src/contract/keys/public-key.ts';
import type { Asker, UpForm } from '../../../../src/operations/choices/asker.ts';
import { type SettleRequest, settle } from '../../../../src/operations/choices/settle.ts';
import type { Answers } from '../../../../src/workspace/choices/choice.ts';
import type { Choices } from '../../../../src/workspace/choices/chosen.ts';
import { valuesOf } from '../../../../src/workspace/choices/form.ts';
import type { Settings } from '../../../../src/workspace/choices/settings.ts';
import { advice } from '../../../../src/workspace/errors/suggestion.ts';
import type { AgentState } from '../../../../src/workspace/keys/agents.ts';
import { type Identity, toNamedKey } from '../../../../src/workspace/keys/keys.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { saying } from '../../../spelling.ts';
import { keptHome, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, makeIdentity, NEVER, run, summarize } from '../fake-world.ts';

const NEW = '/home/alice/.ssh/id_ed25519';
const OWN = makeIdentity(1);
const ALL: Choices = { user: 'alice', uid: 7, storageClass: 'none', identity: OWN.path };
const SILENT: AgentState = {
  kind: 'silent',
  name: 'the agent',
  reason: 'nobody listens',
  remedy: [advice('start it')],
};

interface Stage {
  who?: Asker['who'];
  found?: WorkspaceSnapshot;
  saved?: Settings;
  own?: Identity[];
  agent?: AgentState;
  hasNamespace?: boolean;
  mayListClasses?: boolean;
  /** What the person answers, over what the form shows. */
  answers?: Answers;
}

/** Settles what this chooses, and tells what was asked of whom. */
async function settled(choices: Choices, stage: Stage = {}, more: Partial<SettleRequest> = {}) {
  const { who = 'nobody', found, saved = {}, own = [OWN], agent = { kind: 'none' }, hasNamespace = true } = stage;
  const { mayListClasses = true } = stage;
  const forms: UpForm[] = [];
  const { world, calls } = fakeWorld({
    cluster: {
      findWorkspace: async () => found,
      findNamespace: async () => (hasNamespace ? 'active' : undefined),
      findNamespaces: async () => undefined,
      findStorageClasses: async () =>
        mayListClasses
          ? [{ name: 'fast', provisioner: 'x', isDefault: true, bindingMode: 'Immediate', canGrow: true }]
          : undefined,
    },
    identities: {
      look: async () => ({ identities: own, agent }),
      read: async (path) => own.find((key) => key.path === path) ?? makeIdentity(9, { path }),
      findFreePath: () => NEW,
      generate: async (path) => makeIdentity(5, { path }),
    },
  });
  let isRead = false;
  const asker: Asker = {
    who,
    silence: 'there is no terminal to ask on',
    agreeToRestart: async () => undefined,
    readSettings: async () => {
      isRead = true;
      return saved;
    },
    ask: async (form) => {
      forms.push(form);
      return { ...valuesOf(form.fields), ...stage.answers };
    },
    remember: async () => {
      throw new Error('nothing has come up yet');
    },
  };
  const request = { workspace: 'dev', choices, createNamespace: false, asker, keyComment: 'me@here', ...more };
  return { ...(await run(settle(request, world, NEVER))), calls, forms, isRead };
}

describe('a home that was kept', () => {
  const found = keptHome({ requested: '20Gi', capacity: '20Gi' });

  it('is named to whoever is asked, as far as it is taken up', async () => {
    const asked = async (choices: Choices) => (await settled(choices, { who: 'person', found })).forms[0]?.keptHome;
    expect(await asked({})).toEqual({ claim: 'ws-dev-home', size: '20Gi' });
    expect(await asked({ storageClass: 'none' })).toBeUndefined();
    expect(await asked({ home: 'other' })).toBeUndefined();
    expect((await settled({}, { who: 'person' })).forms[0]?.keptHome).toBeUndefined();
  });
});

describe('a workspace that is there', () => {
  it('needs no answer, no settings and no key', async () => {
    const there = snapshot();
    const { result, calls, isRead } = await settled({ memory: '1Gi' }, { found: there });
    expect(result).toEqual({ found: there, choices: { memory: '1Gi' }, identityPath: undefined });
    expect([calls, isRead]).toEqual([['cluster.findWorkspace'], false]);
  });

  it('is logged in to with the key that is named, which is not authorized by that', async () => {
    const { result } = await settled({ identity: '/other' }, { found: snapshot() });
    expect(result).toMatchObject({ identityPath: '/other' });
    expect(result).not.toHaveProperty('authorizedKeys');
  });
});

describe('an amount that was read as another text', () => {
  const saved: Settings = { size: '10 GB' };

  it.each<[string, Stage, string[]]>([
    ['typed', { found: snapshot() }, ['--memory "4g" is read as 4Gi']],
    [
      'saved',
      { who: 'defaults', saved },
      ['--memory "4g" is read as 4Gi', 'the setting size "10 GB" is read as 10Gi (10.7 GB)'],
    ],
  ])('is told where it was %s', async (_where, stage, texts) => {
    const choices = { ...ALL, memory: '4Gi', storageClass: 'fast' };
    const { events } = await settled(choices, stage, { reading: '--memory "4g" is read as 4Gi' });
    // A plain reporter calls a warning alone a note.
    expect(events).toEqual(
      texts.map((text) => ({ type: 'noticed', level: 'warning', notice: { kind: 'text', text } })),
    );
  });
});

describe('a new workspace', () => {
  it('of which all is known is asked about nothing, on a terminal either', async () => {
    const { result, calls, forms } = await settled(ALL, { who: 'person' });
    expect(result).toEqual({
      found: undefined,
      choices: { ...ALL, gid: 7, size: undefined },
      authorizedKeys: [`ssh-ed25519 ${OWN.blob} me@here`],
      identityPath: OWN.path,
    });
    expect([calls, forms, result?.answered]).toEqual([['cluster.findWorkspace', 'identities.read'], [], undefined]);
  });

  it.each<[keyof Choices, string, string]>([
    ['user', 'username', 'ws up --user developer'],
    ['uid', 'user ID', 'ws up --uid 1000'],
    ['storageClass', 'storage class', 'ws up --storage-class default'],
    ['identity', 'key', `ws up --identity ${OWN.path}`],
  ])('without %s has an error that names the flag, where nobody can be asked', async (name, what, suggestion) => {
    const { error, calls } = await settled({ ...ALL, [name]: undefined });
    expect(error).toMatchObject({
      code: 'ANSWER_MISSING',
      message: `No ${what} was given, and there is no terminal to ask on`,
      suggestions: expect.arrayContaining([saying(suggestion), saying('ws up --yes')]),
    });
    expect(calls.filter((call) => !call.startsWith('identities.'))).toEqual(['cluster.findWorkspace']);
  });

  it.each<[string, Identity[], string[]]>([
    ['one of the agent', [makeIdentity(3, { path: undefined })], [`ws up --identity ${makeIdentity(3).fingerprint}`]],
    ['none', [], [`ssh-keygen -q -t ed25519 -N '' -f ${NEW}`, `ws up --identity ${NEW}`]],
  ])('is offered a key that this machine has, or the line that makes it: %s', async (_what, own, lines) => {
    const { error } = await settled({ ...ALL, identity: undefined }, { own });
    expect(error).toMatchObject({ suggestions: [...lines, 'ws up --yes'].map(saying) });
  });

  it('of which nothing is known has one error with all that is missing, and one line to copy', async () => {
    const { error } = await settled({});
    expect(error).toMatchObject({
      code: 'ANSWER_MISSING',
      message: 'No username, user ID, storage class or key was given, and there is no terminal to ask on',
      suggestions: [
        saying(`ws up --user developer --uid 1000 --storage-class default --identity ${OWN.path}`),
        saying('ws up --yes'),
      ],
    });
    const some = await settled({ user: 'alice', home: 'data' });
    expect(some.error).toMatchObject({
      message: 'No user ID or key was given, and there is no terminal to ask on',
      suggestions: [saying(`ws up --uid 1000 --identity ${OWN.path}`), saying('ws up --yes')],
    });
  });

  it('gets the defaults for what flags, a kept home and settings leave open', async () => {
    const { result } = await settled({}, { who: 'defaults', saved: { uid: 42 } });
    expect(result?.choices).toMatchObject({
      ...{ user: 'developer', uid: 42, gid: 42 },
      ...{ storageClass: 'fast', size: '10Gi', identity: OWN.path },
    });
    const kept = await settled({}, { who: 'defaults', found: keptHome({ requested: '20Gi' }), saved: { size: '1Gi' } });
    expect(kept.result?.choices).toMatchObject({ user: 'alice', storageClass: 'fast', size: '20Gi' });
  });

  it('gets a volume where the classes may not be listed, and that is said', async () => {
    const { result, events } = await settled({}, { who: 'defaults', mayListClasses: false });
    expect(result?.choices).toMatchObject({ storageClass: 'default', size: '10Gi' });
    expect(summarize(events)).toEqual(['· classes-unknown']);
    const none = await settled({ storageClass: 'none' }, { who: 'defaults', mayListClasses: false });
    expect([none.result?.choices.storageClass, none.events]).toEqual(['none', []]);
  });

  it('is asked about in one form, whose answers the next one begins with if it comes up', async () => {
    const answers = { user: 'bob', storageClass: 'none', size: '5Gi' };
    const { result, forms } = await settled({ uid: 7 }, { who: 'person', answers, saved: { size: '2Gi' } });
    const [form] = forms;
    expect(form?.fields.map(({ id }) => id)).toEqual(['user', 'storageClass', 'identity']);
    expect(form).toMatchObject({ workspace: 'dev', context: 'kind', namespace: 'team', newKeyPath: NEW });
    expect(form?.toChoices({ user: 'eve' })).toMatchObject({ user: 'eve', uid: 7, size: '2Gi' });
    expect(result?.choices).toMatchObject({ user: 'bob', uid: 7, gid: 7, storageClass: 'none', size: undefined });
    expect(result?.answered).toEqual({ ...answers, identity: OWN.path });
  });

  it('begins its form with the last answers', async () => {
    const saved = { lastAnswers: { user: 'carol' } };
    const { result } = await settled({ ...ALL, user: undefined }, { who: 'person', saved });
    expect(result?.choices.user).toBe('carol');
  });

  it('knows of a key that is to be made, and makes none yet', async () => {
    const { result, calls } = await settled({}, { who: 'defaults', own: [] });
    expect(result).toMatchObject({
      identityPath: NEW,
      newKey: { path: NEW, comment: 'me@here' },
    });
    expect(result).not.toHaveProperty('authorizedKeys');
    expect(calls).not.toContain('identities.generate');
  });

  it.each<[string, Stage, object]>([
    ['a form without its namespace', { who: 'person', hasNamespace: false }, { code: 'NAMESPACE_MISSING' }],
    ['a form without a key to show', { who: 'person', own: [], agent: SILENT }, { code: 'AGENT_SILENT' }],
    ['a key beside an agent that is silent', { who: 'defaults', own: [], agent: SILENT }, { code: 'AGENT_SILENT' }],
  ])('is refused before anything is made: %s', async (_what, stage, expected) => {
    const { error, forms, calls } = await settled({}, stage);
    expect(error).toMatchObject(expected);
    expect([forms, calls.includes('identities.generate')]).toEqual([[], false]);
  });

  it('says that an agent is silent, in the form or on the way', async () => {
    const asked = await settled({}, { who: 'person', agent: SILENT });
    expect(asked.forms[0]?.note).toMatch(/nobody listens/);
    expect(asked.events).toEqual([]);
    const told = await settled({}, { who: 'defaults', agent: SILENT });
    expect(summarize(told.events)).toEqual(['! text']);
    expect((await settled(ALL, { who: 'defaults', agent: SILENT })).events).toEqual([]);
  });
});

it.each([
  [1024, 'The key /home/alice/.ssh/rsa is RSA with 1024 bits, and fewer than 2048 are no longer safe'],
  [2048, undefined],
])(
  'a key of RSA with %i bits, named or found, is taken, and warned of where it is weak',
  async (modulusLength, text) => {
    const key = fromKeyObject(generateKeyPairSync('rsa', { modulusLength }).publicKey);
    const rsa: Identity = {
      ...toNamedKey({ ...key, comment: '' }),
      ...{ source: 'file', path: '/home/alice/.ssh/rsa', encrypted: false },
    };
    for (const choices of [
      { ...ALL, identity: rsa.path },
      { user: 'alice', uid: 7, storageClass: 'none' },
    ]) {
      const { events, result } = await settled(choices as Choices, { own: [rsa], who: 'defaults' });
      expect(result).toMatchObject({ identityPath: rsa.path });
      const notices = events.flatMap((event) => (event.type === 'noticed' ? [event.notice] : []));
      expect(notices.map((notice) => ('text' in notice ? notice.text : notice.kind))).toEqual(
        text === undefined ? [] : [text],
      );
    }
  },
);
