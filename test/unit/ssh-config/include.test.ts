import { describe, expect, it } from 'vitest';
import {
  addInclude,
  hasInclude,
  removeInclude,
  toIncludeLine,
} from '../../../src/workspace/ssh-config/ssh-config-include.ts';

const line = toIncludeLine('/home/me/ws/ssh_config', 'linux');

/** What people keep in that file, bytes as characters. */
const texts: [string, string][] = [
  ['nothing', ''],
  ['a host', 'Host box\n  User me\n'],
  ['no line end at the end', 'Host box\n  User me'],
  ['Windows line ends', 'Host box\r\n  User me\r\n'],
  ['a byte order mark', '\xef\xbb\xbfHost box\n'],
  ['bytes that are no UTF-8', '# \xff\xfe caf\xe9\nHost "a b"\tc\n\n\n   ProxyCommand sh -c \'x "%h"\'\n'],
  ['other includes', 'Include ~/.ssh/conf.d/*\nMatch exec "true"\n Include /home/me/ws/other\n'],
];

describe('the Include line', () => {
  it.each(texts)('comes and goes and leaves %s as it was, byte for byte', (_what, text) => {
    const added = addInclude(text, line);
    expect(added).toContain('Include /home/me/ws/ssh_config');
    expect(added.length).toBe(text.length + line.length + (text.includes('\r') ? 2 : 1));
    expect(addInclude(added, line)).toBe(added);
    expect(removeInclude(added, line)).toBe(text);
  });

  it('stands before any Host or Match', () => {
    expect(addInclude('Host *\n  Include /home/me/ws/ssh_config\n', line).startsWith(`${line}\n`)).toBe(true);
    expect(hasInclude('Match all\nInclude /home/me/ws/ssh_config\n', line)).toBe(false);
  });

  it.each([
    'include "/home/me/ws/ssh_config"\n',
    '# mine\n  INCLUDE=/home/me/ws/ssh_config  \n',
    'ForwardAgent no\nInclude\t/home/me/ws/ssh_config\r\n',
  ])('is found as %j', (text) => {
    expect(addInclude(text, line)).toBe(text);
    expect(removeInclude(text, line)).not.toContain('ssh_config');
  });

  it('is not mistaken for a comment or a longer path', () => {
    expect(hasInclude('# Include /home/me/ws/ssh_config\nInclude /home/me/ws/ssh_config.d/*\n', line)).toBe(false);
  });
});
