import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseHostKey } from '../../../../src/contract/keys/host-key.ts';
import { readConfig } from '../../../../src/supervisor/config.ts';
import { toFatalFacts } from '../../../../src/supervisor/output/fatal.ts';
import { verifyShell } from '../../../../src/supervisor/runtime/users.ts';

const ACCOUNT = { name: 'dev', uid: 1000, gid: 1000, home: '/home/dev', shell: '/bin/fish' };
const PEM = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';

function catchError(perform: () => unknown): unknown {
  try {
    perform();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

function raise(): never {
  throw new Error('a library gave up');
}

test.each([
  ['a login shell that the image lacks', () => verifyShell('/bin/fish', '/bin/bash\n'), /login shell \/bin\/fish/],
  ['a junk host key', () => parseHostKey(Buffer.from('junk')), /no known form/],
  ['a damaged PEM key', () => parseHostKey(Buffer.from(PEM)), /PEM key is damaged/],
  ['a wrong number', () => readConfig({ WS_SSH_PORT: 'x' }, ACCOUNT), /WS_SSH_PORT is "x"/],
])('%s is explained, so its line has no stack', (_, perform, words) => {
  expect(toFatalFacts(catchError(perform))).toEqual({ reason: expect.stringMatching(words) });
});

test.each([
  ['a mistake in the program', () => (undefined as unknown as string).length],
  ['a plain Error that nobody explained', raise],
  ['what the system says', () => readFileSync('/nowhere/at/all')],
])('%s has its stack', (_, perform) => {
  expect(toFatalFacts(catchError(perform)).stack).toContain('fatal.test.ts');
});

test('what is thrown and is no error is said as it is', () => {
  expect(toFatalFacts('gone')).toEqual({ reason: 'gone' });
});
