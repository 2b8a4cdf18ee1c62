/** A UID without a line in passwd, as in containers and CI: OpenSSH refuses to run, so nothing leads to it. */
import { expect, it, vi } from 'vitest';
import { listSshNotes, toSshCommand } from '../../../../src/cli/ssh-config/ssh-config-parts.ts';
import { formatWritten } from '../../../../src/report/results/ssh-config.ts';
import type { WayToCluster } from '../../../../src/workspace/api-access.ts';
import { run } from '../../../../src/workspace/errors/suggestion.ts';
import { spellHere } from '../../../spelling.ts';
import { listProposed } from '../front/type-line.ts';

vi.mock('node:os', async (load) => {
  const os = await load<typeof import('node:os')>();
  const userInfo = () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  };
  return { ...os, default: { ...os, userInfo }, userInfo };
});

const written = { hosts: ['ws-ci'], includeLine: 'Include x', included: true, changed: ['/x'] };
const where = { usersFile: '/c', namespace: 'team', spell: spellHere, columns: undefined };

it('ws config-ssh says so, and proposes no login', () => {
  expect(listSshNotes({ access: { variables: [] } } as unknown as WayToCluster)).toContainEqual(
    expect.stringContaining('ssh refuses to run'),
  );
  expect(formatWritten(written, { ...where, toSshCommand })).toBe('Wrote /x.');
  expect(formatWritten({ ...written, included: false }, { ...where, toSshCommand })).toBe(
    'Wrote /x.\nFirst put this line at the top of /c:\n  Include x',
  );
  const known = { ...where, toSshCommand: (host: string) => run('ssh')`${host}` };
  expect(formatWritten(written, known)).toBe('Wrote /x.\nTry it: ssh ws-ci');
});

it('ws cp leads to no scp', async () => {
  expect(await listProposed(['cp', 'a', 'dev:b'])).toEqual(['ws config-ssh']);
});
