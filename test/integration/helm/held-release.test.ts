import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHelm } from '../../../src/adapters/helm/releases.ts';

const NEVER = new AbortController().signal;
const OPTIONS = { valuesFiles: [], createNamespace: false, after: 0 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-held-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Held {
  status: string;
  /** What was deployed before. */
  before?: number;
  /** What the other machine's clock said. */
  updated?: string;
  isOurs?: boolean;
  /** How often the history is asked for until the other one is done. */
  endsAfter?: number;
  /** The values that are in force then. */
  values?: object;
}

/**
 * A program in Helm's place, for one release that another operation holds until it ends, is uninstalled or rolled back.
 */
function open({ status, before, updated = '2026-06-01T12:00:00Z', isOurs = false, endsAfter, values = {} }: Held) {
  const program = path.join(folder, 'helm');
  const row = (revision: number, word: string) => ({ revision, status: word, chart: 'ws-workspace', updated });
  const rows = [...(before === undefined ? [] : [row(before, 'deployed')]), row((before ?? 0) + 1, status)];
  writeFileSync(path.join(folder, 'held'), JSON.stringify(rows));
  writeFileSync(path.join(folder, 'done'), JSON.stringify([...rows.slice(0, -1), row(rows.length, 'deployed')]));
  const marked = JSON.stringify([{ revision: String((before ?? 0) + 1) }]);
  writeFileSync(
    program,
    `#!/bin/sh
cd ${folder}
echo "$*" >> calls
case $1 in
version) echo v4.3.1;;
upgrade) cat > input; test -e held && { echo 'Error: another operation (install/upgrade/rollback) is in progress' >&2; exit 1; }; echo '{"version": 9}';;
history) test $(grep -c ^history calls) -gt ${endsAfter ?? 9999} && rm -f held; cat held 2>/dev/null || cat done;;
list) case "$*" in *ws.dev/revision=${(before ?? 0) + 1}*) echo '${isOurs ? marked : '[]'}';; *) echo '[]';; esac;;
get) echo '${JSON.stringify(values)}';;
uninstall|rollback) rm held;;
esac
`,
  );
  chmodSync(program, 0o755);
  return openHelm({
    environment: process.env,
    chartPath: '/chart',
    namespace: 'team',
    helm: program,
    staleAfterMs: 900,
  });
}

const calls = (verb: string) =>
  readFileSync(path.join(folder, 'calls'), 'utf8')
    .split('\n')
    .filter((call) => call.startsWith(verb));

describe('a release that another operation holds', () => {
  it.each<[string, Held]>([
    ['an install that waits for its pods', { status: 'pending-install' }],
    ['an upgrade that waits for its pods', { status: 'pending-upgrade', before: 4 }],
    ['one whose clock is years behind', { status: 'pending-install', updated: '1999-01-01T00:00:00Z' }],
    ['one whose clock is years ahead', { status: 'pending-upgrade', before: 1, updated: '2099-01-01T00:00:00Z' }],
    ['an uninstallation, even of what ws made', { status: 'uninstalling', isOurs: true }],
    ['a rollback, even of what ws made', { status: 'pending-rollback', before: 2, isOurs: true }],
  ])('is left alone, and told: %s', async (_what, held) => {
    const told: string[] = [];
    const onHeld = ({ status }: { status: string }) => told.push(status);
    await expect(open(held).apply('ws-dev', {}, { ...OPTIONS, onHeld }, NEVER)).rejects.toMatchObject({
      code: 'WORKSPACE_BUSY',
      reason: expect.stringMatching(new RegExp(`is ${held.status}, .* nothing was changed`)),
    });
    expect(told).toEqual([held.status]);
    expect([...calls('uninstall'), ...calls('rollback')]).toEqual([]);
    expect(existsSync(path.join(folder, 'held'))).toBe(true);
  });

  /** By whom it was begun, and what is left of it. */
  it.each([
    { isOurs: true, isEmptied: true, isFinished: true },
    { isOurs: true, isEmptied: false, isFinished: false },
    { isOurs: false, isEmptied: true, isFinished: false },
  ])('is finished where it is an uninstallation of what ws made, and nothing is left: %j', async (row) => {
    const { isOurs, isFinished } = row;
    const options = { ...OPTIONS, isEmptied: async () => row.isEmptied };
    const outcome = await open({ status: 'uninstalling', isOurs })
      .apply('ws-dev', {}, options, NEVER)
      .catch((error: unknown) => error);
    expect(outcome).toMatchObject(
      isFinished
        ? { change: 'recovered' }
        : { code: 'WORKSPACE_BUSY', message: 'Taking this workspace down has begun and not ended' },
    );
    expect(calls('uninstall')).toHaveLength(isFinished ? 1 : 0);
  });

  it('is waited for when the other one ends', async () => {
    const releases = open({ status: 'pending-upgrade', before: 1, endsAfter: 1 });
    expect(await releases.apply('ws-dev', {}, OPTIONS, NEVER)).toEqual({ revision: 9, change: 'upgraded' });
    expect([...calls('uninstall'), ...calls('rollback')]).toEqual([]);
    // The second try knows that there is a revision more.
    expect(calls('upgrade').map((call) => /ws\.dev\/revision=(\d+)/.exec(call)?.[1])).toEqual(['1', '3']);
  });

  it('is waited for, and not overwritten when it says something else', async () => {
    const releases = open({ status: 'pending-upgrade', before: 1, endsAfter: 1, values: { theirs: true } });
    await expect(releases.apply('ws-dev', { ours: true }, { ...OPTIONS, after: 1 }, NEVER)).rejects.toMatchObject({
      code: 'WORKSPACE_BUSY',
      reason: expect.stringMatching(/^revision 2 of release ws-dev came first/),
    });
    expect(calls('upgrade')).toHaveLength(1);
  });

  it('is ended when ws itself began it and it stands still', async () => {
    expect(await open({ status: 'pending-install', isOurs: true }).apply('ws-dev', {}, OPTIONS, NEVER)).toMatchObject({
      change: 'recovered',
    });
    expect(calls('uninstall')).toHaveLength(1);
    rmSync(path.join(folder, 'calls'));
    const upgrade = open({ status: 'pending-upgrade', before: 4, isOurs: true });
    expect(await upgrade.apply('ws-dev', {}, { ...OPTIONS, after: 4 }, NEVER)).toMatchObject({ change: 'recovered' });
    expect(calls('rollback')).toEqual([expect.stringMatching(/^rollback ws-dev 4 /)]);
  });
});

/** Its moments: before the record says so, while objects go, and when only records are left. */
describe('an uninstallation that is called off', () => {
  it.each(['begun', 'objects', 'records'])('ends, and leaves nothing half-done: %s', async (moment) => {
    const program = path.join(folder, 'helm');
    const steps = ['begun', 'objects', 'records'].map((step) => `touch ${step}; sleep 0.3`).join('\n');
    writeFileSync(program, `#!/bin/sh\ncd ${folder}\n${steps}\ntouch done\n`);
    chmodSync(program, 0o755);
    const stop = new AbortController();
    const removing = openHelm({ environment: process.env, chartPath: '/chart', helm: program }).uninstall(
      'ws-dev',
      stop.signal,
    );
    await vi.waitFor(() => expect(existsSync(path.join(folder, moment))).toBe(true), 60_000);
    stop.abort();
    await removing;
    expect(existsSync(path.join(folder, 'done'))).toBe(true);
  });
});
