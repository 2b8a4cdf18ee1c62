import { describe, expect, it } from 'vitest';
import { chooseIdentities, parseAuthorizedBlobs, toHostKeyAlias } from '../../../src/workspace/keys/identities.ts';
import type { Identity } from '../../../src/workspace/keys/keys.ts';

const identity = (blob: string, source: Identity['source'], encrypted = false): Identity => ({
  source,
  path: source === 'file' ? `/keys/${blob}` : undefined,
  type: 'ssh-ed25519',
  blob,
  comment: blob,
  fingerprint: `SHA256:${blob}`,
  encrypted,
});

describe('which keys are offered', () => {
  const own = [identity('locked', 'file', true), identity('open', 'file'), identity('agent', 'agent')];
  const names = (keys: Identity[]) => keys.map(({ blob }) => blob);

  it('are those the workspace authorizes, and no other', () => {
    expect(names(chooseIdentities(own, new Set(['open', 'stranger'])))).toEqual(['open']);
    expect(chooseIdentities(own, new Set())).toEqual([]);
  });

  it('are all when nobody may read what it authorizes: agent first, passphrases last', () => {
    expect(names(chooseIdentities(own, undefined))).toEqual(['agent', 'open', 'locked']);
    expect(names(own)).toEqual(['locked', 'open', 'agent']);
  });
});

describe('what a workspace authorizes', () => {
  it('is every readable line, with or without options, and no comment', () => {
    const text = [
      '# ssh-ed25519 AAAAno comment',
      'ssh-ed25519 AAAAone alice@laptop',
      '  ssh-rsa AAAAtwo==',
      'no-pty,command="echo hi" ecdsa-sha2-nistp256 AAAAthree x',
      'sk-ssh-ed25519@openssh.com AAAAfour',
      'ssh-dss AAAAfive',
      'garbage',
      '',
    ].join('\r\n');
    expect([...parseAuthorizedBlobs(text)]).toEqual(['AAAAone', 'AAAAtwo==', 'AAAAthree', 'AAAAfour']);
  });
});

describe("a workspace's name in known_hosts", () => {
  it('differs by workspace, namespace and cluster', () => {
    expect(toHostKeyAlias('dev', 'team', 'uid-1')).toBe('ws-dev.team.uid-1');
  });
});
