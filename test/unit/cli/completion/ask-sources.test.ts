import { describe, expect, it } from 'vitest';
import { toKeyCandidates } from '../../../../src/cli/completion/ask-sources.ts';
import { withoutForwarded } from '../../../../src/cli/completion/listening-ports.ts';
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

describe('listening ports after Tab', () => {
  const ports = ['3000', '8000', '9229:10.0.0.1:9229'].map((word) => ({ word, about: '' }));

  it.each([
    [['8000'], ['3000', '9229:10.0.0.1:9229']],
    [['8080:3000'], ['8000', '9229:10.0.0.1:9229']],
    [['3000-3005', '1:10.0.0.1:9229'], ['8000']],
    // Another host's port, and a word that is no forward.
    [
      ['5432:db:8000', '3000/udp'],
      ['3000', '8000', '9229:10.0.0.1:9229'],
    ],
  ])('are none that %j leads to', (typed, expected) => {
    expect(withoutForwarded(ports, typed).map(({ word }) => word)).toEqual(expected);
  });
});
