import { describe, expect, it } from 'vitest';
import {
  judgeAccount,
  judgeFolders,
  judgeLocale,
  judgeOpenSsh,
  judgeTerminal,
  SERVER_OFFERS,
} from '../../../../src/operations/doctor/machine.ts';
import type { Machine } from '../../../../src/workspace/machine.ts';
import { saying } from '../../../spelling.ts';

const account = (part: Partial<Machine['account']>) =>
  judgeAccount({ account: { uid: 1000, name: 'me', home: '/h', accountHome: '/h', ...part } } as Machine);
const folders = (ignoredVariables: string[], fault?: string) =>
  judgeFolders({ ignoredVariables, settingsFolder: { path: '/h/ws', fault } } as unknown as Machine);
const locale = (variable: string, value: string) => judgeLocale({ locale: { variable, value } } as Machine);
const ssh = (part: object) => judgeOpenSsh({ version: 'OpenSSH_9', fips: undefined, ...SERVER_OFFERS, ...part });

describe('what ws doctor says of the machine', () => {
  it('names a UID that passwd does not know, and a home that ssh does not share', () => {
    expect(account({})).toMatchObject({ verdict: 'good', detail: 'me (UID 1000)' });
    expect(account({ uid: undefined })).toMatchObject({ verdict: 'good', detail: 'me' });
    expect(account({ name: undefined, uid: 54321, accountHome: undefined })).toMatchObject({
      verdict: 'warning',
      detail: expect.stringContaining('UID 54321 has no line in /etc/passwd'),
    });
    expect(account({ home: '/tmp/h' })).toMatchObject({
      verdict: 'warning',
      detail: expect.stringContaining('/tmp/h'),
    });
  });

  it('names variables that count as unset, and a folder that cannot be written', () => {
    expect(folders([])).toMatchObject({ verdict: 'good', detail: '/h/ws' });
    expect(folders(['XDG_CONFIG_HOME'])).toMatchObject({
      verdict: 'warning',
      detail: '/h/ws; XDG_CONFIG_HOME is empty or relative, so it counts as unset',
    });
    expect(folders(['TMP', 'HOME']).detail).toContain('TMP, HOME are empty');
    expect(folders([], 'you may not')).toMatchObject({
      verdict: 'warning',
      detail: '/h/ws cannot be written: you may not',
      suggestion: saying('export WS_CONFIG_DIR=FOLDER'),
    });
  });

  it.each([
    ['LANG', 'C.UTF-8', 'good'],
    ['LC_ALL', 'en_US.utf8', 'good'],
    ['LANG', 'C', 'warning'],
    ['LC_CTYPE', 'de_DE.ISO-8859-1', 'warning'],
  ])('takes %s=%s as %s', (variable, value, verdict) => {
    expect(locale(variable, value)).toMatchObject({ verdict, detail: expect.stringContaining(value) });
  });

  it('says what becomes of a terminal', () => {
    for (const [termName, part] of [
      ['xterm-ghostty', 'uses xterm-256color'],
      ['dumb', 'nothing is drawn'],
      [undefined, 'TERM is not set'],
    ] as const)
      expect(judgeTerminal({ termName } as Machine)).toMatchObject({
        verdict: 'good',
        detail: expect.stringContaining(part),
      });
  });

  it('names what OpenSSH and the server agree to, or what they lack', () => {
    expect(ssh({})).toMatchObject({
      verdict: 'good',
      detail: expect.stringMatching(/^OpenSSH_9: mlkem.*, ssh-ed25519, aes128-gcm/),
    });
    expect(ssh({ keys: ['ssh-rsa'], fips: '/proc/sys/crypto/fips_enabled' })).toMatchObject({
      verdict: 'warning',
      detail: expect.stringMatching(/no ssh-ed25519; FIPS mode \(\/proc.*RSA host key/),
    });
    expect(ssh({ kex: ['ecdh-sha2-nistp256'] }).detail).toContain('no key exchange in common');
    expect(ssh({ ciphers: ['3des-cbc'] }).detail).toContain('no cipher in common');
    expect(judgeOpenSsh({ fault: 'ssh is not installed' })).toMatchObject({
      verdict: 'warning',
      detail: 'ssh is not installed: editors, rsync and git cannot use it',
    });
  });
});
