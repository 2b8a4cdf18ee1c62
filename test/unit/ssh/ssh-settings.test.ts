import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfigMentions } from '../../../src/adapters/ssh/keys/ssh-config-mentions.ts';
import { parseSshSettings } from '../../../src/adapters/ssh/keys/ssh-settings.ts';

const options = {
  environment: { SSH_AUTH_SOCK: '/env.sock', FOO: '/foo.sock', EMPTY: '', USER: 'me' },
  homeDirectory: '/home/me',
  accountHome: '/home/me',
  platform: 'linux',
} as const;
const agentOf = (line: string) => parseSshSettings(`host ws-dev\n${line}\nforwardagent no\n`, options).agent;

describe('what ssh -G says', () => {
  it.each([
    ['identityagent /op.sock', '/op.sock', true],
    [
      'identityagent /Users/me/Library/Group Containers/t/agent.sock',
      '/Users/me/Library/Group Containers/t/agent.sock',
      true,
    ],
    ['identityagent ~/.1password/agent.sock', '/home/me/.1password/agent.sock', true],
    ['identityagent %d/%u.sock', '/home/me/me.sock', true],
    ['identityagent $FOO', '/foo.sock', true],
    ['identityagent SSH_AUTH_SOCK', '/env.sock', false],
    ['IdentityAgent /caps', '/caps', true],
    ['', '/env.sock', false],
    ['securitykeyprovider internal\npkcs11provider /lib/identityagent /x', '/env.sock', false],
  ])('of %j is the agent %s', (line, socket, isNamedByConfiguration) => {
    expect(agentOf(line)).toMatchObject({ kind: 'socket', socket, isNamedByConfiguration });
  });

  it.each(['identityagent none', 'identityagent $MISSING', 'identityagent $EMPTY'])('of %j is no agent', (line) => {
    expect(agentOf(line)).toEqual({ kind: 'none' });
  });

  it('without an agent anywhere is none', () => {
    for (const SSH_AUTH_SOCK of [undefined, ''])
      expect(parseSshSettings('', { ...options, environment: { SSH_AUTH_SOCK } }).agent).toEqual({ kind: 'none' });
  });

  it('of key files is each once, absolute', () => {
    const text =
      'identityfile ~/.ssh/id_rsa\nidentityfile %d/keys/my key\nidentityfile relative\nidentityfile ~/.ssh/id_rsa\n';
    expect(parseSshSettings(text, options).identityFiles).toEqual(['/home/me/.ssh/id_rsa', '/home/me/keys/my key']);
  });
});

describe('whether OpenSSH has to be asked', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'ws-mentions-'));
    mkdirSync(path.join(root, 'conf.d'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const read = (text: string, more: Record<string, string> = {}) => {
    writeFileSync(path.join(root, 'config'), text);
    for (const [name, content] of Object.entries(more)) writeFileSync(path.join(root, name), content);
    return readConfigMentions([path.join(root, 'config'), path.join(root, 'absent')], path.join(root, 'own'));
  };
  const NONE = { agent: false, identityFile: false, unknown: false };

  it.each<[string, string, Record<string, string>, object]>([
    ['nothing', 'Host *\n  ForwardAgent no\n  # IdentityAgent x\n', {}, {}],
    ['an agent', 'Host *\r\n\tidentityagent = x\r\n', {}, { agent: true }],
    ['a key', 'IdentityFile x', {}, { identityFile: true }],
    ['a file of ours', 'Include own\n', { own: 'IdentityAgent x' }, {}],
    ['a quoted file of ours', 'Include "own"\n', { own: 'IdentityAgent x' }, {}],
    [
      'a folder',
      'Include conf.d/*.conf',
      { 'conf.d/a.conf': 'IdentityAgent x', 'conf.d/b': 'IdentityFile x' },
      { agent: true },
    ],
    ['two files', 'Include other absent third', { other: '', third: 'IdentityFile x' }, { identityFile: true }],
    ['what only OpenSSH can follow', 'Include ~/x', {}, { unknown: true }],
    ['a pattern', 'Include c?nf.d/*', {}, { unknown: true }],
    ['a file that includes itself', 'Include config', {}, { unknown: true }],
  ])('is told by %s', (_what, text, more, expected) => {
    expect(read(text, more)).toEqual({ ...NONE, ...expected });
  });
});
