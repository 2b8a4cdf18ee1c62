import { describe, expect, it } from 'vitest';
import { toKeyCandidates } from '../../../../src/cli/completion/ask-sources.ts';
import type { NamedKey } from '../../../../src/workspace/keys/keys.ts';

const key = (comment: string, letter: string): NamedKey => ({
  type: 'ssh-ed25519',
  blob: letter,
  comment,
  fingerprint: `SHA256:${letter.repeat(43)}`,
});

const words = (keys: NamedKey[], typed = '') => toKeyCandidates(keys, typed).map(({ word }) => word);

describe('authorized keys after Tab', () => {
  it('are named by comments, and by fingerprints where a comment names none or several', () => {
    expect(words([key('me@laptop', 'a'), key('', 'b')])).toEqual(['me@laptop', `SHA256:${'b'.repeat(43)}`]);
    expect(words([key('root@vm', 'a'), key('root@vm', 'b')])).toEqual([
      `SHA256:${'a'.repeat(43)}`,
      `SHA256:${'b'.repeat(43)}`,
    ]);
  });

  it('are one where the same key stands in two lines', () => {
    expect(words([key('me', 'a'), key('me', 'a')])).toEqual(['me']);
  });

  it('are named by fingerprints when one is typed, and a comment that begins alike is still there', () => {
    const keys = [key('SHAun', 'a'), key('me', 'b')];
    expect(words(keys, 'SHA')).toEqual(['SHAun', 'me', `SHA256:${'a'.repeat(43)}`, `SHA256:${'b'.repeat(43)}`]);
    expect(words(keys, 'm')).toEqual(['SHAun', 'me']);
  });
});
