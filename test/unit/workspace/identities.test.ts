import { describe, expect, it } from 'vitest';
import { chooseIdentities, listAuthorizedBlobs, toHostKeyAlias } from '../../../src/workspace/keys/identities.ts';
import type { Identity } from '../../../src/workspace/keys/keys.ts';
import { KEYS } from '../../authorized/keys.ts';

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
    const [ed25519, rsa, ecdsa, , , sk, , dsa] = KEYS.map(({ type, blob }) => `${type} ${blob}`);
    const text = [
      `# ${ed25519} comment`,
      `${ed25519} alice@laptop`,
      `  ${rsa}`,
      `no-pty,command="echo hi" ${ecdsa} x`,
      sk,
      dsa,
      'garbage',
      '',
    ].join('\r\n');
    const blobs = [0, 1, 2, 5].map((index) => KEYS[index]?.blob);
    expect([...listAuthorizedBlobs(text)]).toEqual(blobs);
  });
});

describe("a workspace's name in known_hosts", () => {
  it('differs by workspace, namespace and cluster', () => {
    expect(toHostKeyAlias('dev', 'team', 'uid-1')).toBe('ws-dev.team.uid-1');
  });
});
