import { Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { workspaceArg } from '../../../../src/cli/command/flags.ts';
import { toUpCommand, type UpFlags, upFlags } from '../../../../src/cli/up/up-flags.ts';
import { parseChoices } from '../../../../src/workspace/choices/chosen.ts';
import { readByShell, spellHere } from '../../../spelling.ts';

/** The flags that oclif makes of these words. */
async function parse(words: string[]): Promise<UpFlags> {
  const { flags } = await Parser.parse(words, { flags: upFlags, strict: true });
  return flags as UpFlags;
}

describe('the command that says the same as the form', () => {
  it('repeats the answers', async () => {
    const answers = { user: 'alice', uid: 1234, storageClass: 'fast', size: '20Gi', identity: '/home/me/my keys/id' };
    expect(spellHere(toUpCommand('dev', answers, await parse([]))).line).toBe(
      "ws up dev --user alice --uid 1234 --storage-class fast --size 20Gi --identity '/home/me/my keys/id'",
    );
  });

  it('repeats what flags and environment said besides, as a shell and ws read it back', async () => {
    const given = [
      ...['--gid', '77', '--sub-path', 'projects/my dev', '--image', 'registry.example.com/ws:1', '--cpu', '2'],
      ...['--memory', '4Gi', '--node-selector', 'disk=ssd', '--node-selector', 'zone=a', '--toleration', 'gpu'],
      ...['--toleration', 'dedicated=dev:NoSchedule', '--values', "it's.yaml", '--create-namespace', '--no-shell'],
      ...['--clone', 'https://example.com/a.git', '--dotfiles', 'https://example.com/d.git', '--local-port', '0'],
      ...['--wait-timeout', '30m', '--identity', '~/.ssh/other', '--no-keep-passphrase', '--repair'],
      ...['--accept-host-key', 'unverified'],
    ];
    const flags = await parse(given);
    const { line } = spellHere(toUpCommand('dev', parseChoices(flags), flags));
    expect(await parse(readByShell([line])[0]?.slice(3) ?? [])).toEqual(flags);
  });

  it('says nothing of a flag that says nothing, nor that nothing is asked', async () => {
    const flags = await parse(['--yes', '--shell', '--wait-timeout', '10m']);
    expect(toUpCommand('dev', {}, flags)).toEqual({ program: 'ws', words: ['up'], workspace: 'dev' });
  });

  it('leaves a word after a repeatable flag alone: it is the workspace', async () => {
    const { args, flags } = await Parser.parse(['--values', 'a.yaml', 'dev'], {
      flags: upFlags,
      args: { workspace: workspaceArg },
    });
    expect([args.workspace, flags.values]).toEqual(['dev', ['a.yaml']]);
  });
});

describe('the key', () => {
  it.each([['--identity'], ['-i'], ['--key'], ['-k']])('is named by %s', async (flag) => {
    expect((await parse([flag, '~/.ssh/id'])).identity).toBe('~/.ssh/id');
  });

  it('is named by WS_IDENTITY, else by WS_KEY', async () => {
    process.env.WS_KEY = '/old';
    try {
      expect((await parse([])).identity).toBe('/old');
      process.env.WS_IDENTITY = '/new';
      expect((await parse([])).identity).toBe('/new');
      expect((await parse(['--key', '/typed'])).identity).toBe('/typed');
    } finally {
      delete process.env.WS_KEY;
      delete process.env.WS_IDENTITY;
    }
  });
});
