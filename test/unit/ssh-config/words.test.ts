import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  toConfigArgument,
  toIncludeArgument,
  toProxyCommand,
} from '../../../src/workspace/ssh-config/ssh-config-words.ts';

describe('a ProxyCommand on Windows', () => {
  it('is the same for cmd and Git Bash: forward slashes, double quotes around spaces', () => {
    const words = ['C:\\Program Files\\nodejs\\node.exe', 'C:\\Users\\Ann Lee\\ws\\bin\\run.js', 'proxy', 'dev'];
    expect(toProxyCommand(words, 'win32')).toBe(
      '"C:/Program Files/nodejs/node.exe" "C:/Users/Ann Lee/ws/bin/run.js" proxy dev',
    );
  });

  it('needs no quotes without a space, also for a share of the network', () => {
    expect(toProxyCommand(['C:\\ws\\node.exe', '\\\\server\\share\\run.js'], 'win32')).toBe(
      'C:/ws/node.exe //server/share/run.js',
    );
  });

  it.each(['a"b', 'a$b', 'a`b', 'a%PATH%', 'do\\main user'])(
    'refuses %s, which the two shells read differently',
    (word) => {
      expect(() => toProxyCommand(['ws', 'proxy', word], 'win32')).toThrow(/cannot stand in OpenSSH's configuration/);
    },
  );

  it('means the same words to a real sh, as in Git Bash', () => {
    const command = toProxyCommand(
      ['C:\\Program Files\\node.exe', 'arn:aws:eks:eu-1:123:cluster/a', "it's (1)"],
      'win32',
    );
    expect(readAsShell('sh', command)).toEqual([
      'C:/Program Files/node.exe',
      'arn:aws:eks:eu-1:123:cluster/a',
      "it's (1)",
    ]);
  });
});

describe('a ProxyCommand on POSIX', () => {
  const strange = ['/opt/my node/bin', "it's", 'a"b', '$HOME `id` \\ & ; | < > * ? ~ # !', '', 'ünï', 'C:\\x'];

  it.each(['sh', 'bash'])('means the same words to a real %s', (shell) => {
    expect(readAsShell(shell, toProxyCommand(strange, 'linux'))).toEqual(strange);
  });

  it('doubles % for OpenSSH, and leaves plain words plain', () => {
    expect(toProxyCommand(['ws', 'proxy', '100%', '--context=a@b'], 'linux')).toBe("ws proxy '100%%' --context=a@b");
  });

  it('refuses a line end', () => {
    expect(() => toProxyCommand(['a\nProxyCommand evil'], 'linux')).toThrow(/cannot stand/);
  });
});

describe('an argument', () => {
  it.each([
    ['/home/me/.config/ws/known_hosts', 'linux', '/home/me/.config/ws/known_hosts'],
    ['/home/my name/100%/k', 'linux', '"/home/my name/100%%/k"'],
    ['/home/a"b/c\\"d', 'linux', '"/home/a\\"b/c\\\\\\"d"'],
    ['C:\\Users\\Ann Lee\\AppData\\ws', 'win32', '"C:/Users/Ann Lee/AppData/ws"'],
  ] as const)('%s on %s', (path, platform, expected) => {
    expect(toConfigArgument(path, platform)).toBe(expected);
  });

  it('of Include keeps wildcards literal and % single', () => {
    expect(toIncludeArgument('/home/a*b/100%', 'linux')).toBe('"/home/a\\*b/100%"');
  });
});

function readAsShell(shell: string, command: string): string[] {
  const script = `printf '%s\\0' ${command.replaceAll('%%', '%')}`;
  return execFileSync(shell, ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}
