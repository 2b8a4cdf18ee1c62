import { Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { toChoices } from '../../../../src/cli/up/flag-choices.ts';
import type { UpAnswers } from '../../../../src/cli/up/up-answers.ts';
import { toKeyCommand, toUpCommand } from '../../../../src/cli/up/up-command.ts';
import { type UpFlags, upFlags } from '../../../../src/cli/up/up-flags.ts';
import type { Identity } from '../../../../src/workspace/keys/keys.ts';
import { readByShell, spellHere, toLines } from '../../../spelling.ts';

const identity: Identity = {
  source: 'file',
  path: '/home/me/my keys/id',
  type: 'ssh-ed25519',
  blob: 'AAAA',
  comment: '',
  fingerprint: 'SHA256:abc',
  encrypted: false,
};
const answers: UpAnswers = {
  user: 'alice',
  uid: 1234,
  home: { kind: 'claim', storageClass: 'fast', size: undefined },
  key: { kind: 'identity', identity },
};

/** The flags that oclif makes of these words. */
async function parse(words: string[]): Promise<UpFlags> {
  const { flags } = await Parser.parse(words, { flags: upFlags, strict: true });
  return flags as UpFlags;
}

describe('the command that says the same as the form', () => {
  it('repeats the answers', async () => {
    const command = toUpCommand('dev', answers, {}, await parse([]), { size: '20Gi' });
    expect(spellHere(command).line).toBe(
      "ws up dev --user alice --uid 1234 --storage-class fast --size 20Gi --key '/home/me/my keys/id'",
    );
  });

  it('repeats what flags and environment said besides, as a shell and ws read it back', async () => {
    const given = [
      ...['--gid', '77', '--sub-path', 'projects/my dev', '--image', 'registry.example.com/ws:1', '--cpu', '2'],
      ...['--memory', '4Gi', '--node-selector', 'disk=ssd', '--node-selector', 'zone=a', '--toleration', 'gpu'],
      ...['--toleration', 'dedicated=dev:NoSchedule', '--values', "it's.yaml", '--create-namespace', '--no-shell'],
      ...['--clone', 'https://example.com/a.git', '--dotfiles', 'https://example.com/d.git', '--local-port', '0'],
      ...['--wait-timeout', '30m', '--identity', '~/.ssh/other'],
    ];
    const flags = await parse(given);
    const command = toUpCommand('dev', answers, toChoices(flags), flags, {});
    const again = await parse(readByShell([spellHere(command).line])[0]?.slice(3) ?? []);
    expect(again).toEqual({
      ...flags,
      user: 'alice',
      uid: '1234',
      'storage-class': 'fast',
      size: '10Gi',
      key: '/home/me/my keys/id',
    });
  });

  it('makes a key first that the form would make, and names one of the agent by its fingerprint', async () => {
    const flags = await parse([]);
    const home: UpAnswers['home'] = { kind: 'emptyDir' };
    const made = { ...answers, home, key: { kind: 'generate' as const, path: '/home/me/.ssh/id_ed25519' } };
    expect(toLines(toKeyCommand(made))).toEqual(["ssh-keygen -q -t ed25519 -N '' -f /home/me/.ssh/id_ed25519"]);
    expect(spellHere(toUpCommand('dev', made, {}, flags, {})).line).toBe(
      'ws up dev --user alice --uid 1234 --storage-class none --key /home/me/.ssh/id_ed25519',
    );
    const held = { ...answers, key: { kind: 'identity' as const, identity: { ...identity, path: undefined } } };
    expect(toUpCommand('dev', held, {}, flags, {}).words.slice(-2)).toEqual(['--key', 'SHA256:abc']);
  });

  it('leaves a word after a repeatable flag alone: it is the workspace', async () => {
    const { args, flags } = await Parser.parse(['--values', 'a.yaml', 'dev'], {
      flags: upFlags,
      args: { workspace: (await import('../../../../src/cli/command/flags.ts')).workspaceArg },
    });
    expect([args.workspace, flags.values]).toEqual(['dev', ['a.yaml']]);
  });
});
