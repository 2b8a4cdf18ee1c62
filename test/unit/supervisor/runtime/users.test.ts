import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyShell, writeUserFiles } from '../../../../src/supervisor/runtime/users.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'users-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const IMAGE = {
  passwd:
    'root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33:www-data:/var/www:/bin/false\ndeveloper:x:1000:1000::/h:/bin/sh\n',
  group: 'root:x:0:\ntty:x:5:\ndeveloper:x:1000:\n',
};
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

it('X2K7-RESTRICT: a UID that nobody knew gets a line of its own, in the root group as OpenShift has it', () => {
  const account = { name: 'developer', uid: 1000660000, gid: 0, home: '/home/developer', shell: '/bin/bash' };
  writeUserFiles(folder, account, IMAGE);
  expect(read('passwd')).toBe(
    [
      'root:x:0:0:root:/root:/bin/bash',
      'www-data:x:33:33:www-data:/var/www:/bin/false',
      'developer:x:1000660000:0:developer:/home/developer:/bin/bash',
      '',
    ].join('\n'),
  );
  expect(read('group')).toBe('tty:x:5:\ndeveloper:x:0:\n');
});

it('gives each number one name', () => {
  writeUserFiles(folder, { name: 'bob', uid: 33, gid: 1000, home: '/home/bob', shell: '/bin/bash' }, IMAGE);
  expect(read('passwd').match(/:x:33:/g)).toHaveLength(1);
  expect(read('passwd')).toContain('bob:x:33:1000:');
  expect(read('group')).toBe('root:x:0:\ntty:x:5:\nbob:x:1000:\n');
});

it('G8W5-USERNAME: a login shell that Dropbear would refuse is named before anybody tries', () => {
  const shells = '# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/bash\n/bin/bash\n';
  expect(() => verifyShell('/bin/bash', shells)).not.toThrow();
  expect(() => verifyShell('/usr/bin/zsh', shells)).toThrow(
    "the login shell /usr/bin/zsh is none of the image's, so nobody could log in; it has /bin/sh, /usr/bin/bash, /bin/bash",
  );
});
