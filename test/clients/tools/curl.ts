/** curl, which copies files by libssh2. */
import { createHash } from 'node:crypto';
import { type Installed, Refused, type Target } from '../clients.ts';
import { run } from '../programs.ts';

/** curl's exit codes (its manual): the host key is another one, the login was refused. */
const REFUSALS: Record<number, Refused['by']> = { 60: 'host key', 67: 'login' };

export async function installCurl(): Promise<Installed> {
  const { stdout } = await run('curl', ['--version']).catch(() => {
    throw new Error('curl is not installed: apt-get install curl');
  });
  const version = /libssh2\/(\S+)/.exec(stdout)?.[1];
  if (version === undefined || !stdout.includes(' sftp')) throw new Error('this curl is built without libssh2');
  return {
    version,
    async copy(at, local, remote, back) {
      const address = `sftp://${at.host}:${at.port}/~/${remote}`;
      await curl(at, ['--upload-file', local, address]);
      await curl(at, ['--output', back, address]);
    },
  };
}

async function curl(at: Target, words: string[]): Promise<void> {
  const blob = Buffer.from(at.hostKey.split(' ')[1] ?? '', 'base64');
  const check = ['--hostpubsha256', createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')];
  const login = ['--user', `${at.user}:`, '--key', at.key, '--pubkey', `${at.key}.pub`];
  const done = await run('curl', ['-q', '--silent', '--show-error', ...check, ...login, ...words], at.environment);
  if (done.status === 0) return;
  const by = REFUSALS[done.status];
  throw by === undefined ? new Error(`curl ended with ${done.status}: ${done.stderr}`) : new Refused(by, done.stderr);
}
