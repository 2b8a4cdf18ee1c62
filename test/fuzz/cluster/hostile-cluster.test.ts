import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { toSnapshots } from '../../../src/adapters/kubernetes/objects/read-workspaces.ts';
import { describeArrival } from '../../../src/cli/up/arrival.ts';
import { verifyUndamaged } from '../../../src/operations/checks/verify-undamaged.ts';
import { toDocument, toSaid } from '../../../src/report/leaving.ts';
import { toFinishedLines } from '../../../src/report/progress/finished-lines.ts';
import { formatError } from '../../../src/report/results/error-screen.ts';
import { formatHomes, formatStatus, formatWorkspaces } from '../../../src/report/results/lists.ts';
import { diagnose, sceneOf } from '../../../src/workspace/diagnosis/diagnosis.ts';
import { WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import { type Spell, spell } from '../../../src/workspace/errors/spell.ts';
import type { Suggestion } from '../../../src/workspace/errors/suggestion.ts';
import { toHostKeyAlias } from '../../../src/workspace/keys/identities.ts';
import { renderSshConfig, type SshProgram } from '../../../src/workspace/ssh-config/ssh-config.ts';
import { toEndpoint } from '../../../src/workspace/state/endpoint.ts';
import { toHomes } from '../../../src/workspace/state/homes.ts';
import { toInfo, toTrouble } from '../../../src/workspace/state/info.ts';
import { toResumeCommand } from '../../../src/workspace/state/resume.ts';
import type { WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { readByShell } from '../../spelling.ts';
import { property } from '../property.ts';
import { hostile, hostileObjects } from './hostile-cluster.ts';

const NOW_MS = Date.parse('2026-06-02T00:00:00Z');
const OWN_COLOURS = /\u001b\[(?:0|1|2|22|31|32|33|36|39)m/g;
const CONTROLS = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;
const PLACE = { context: 'work', namespace: 'team' };
const spellThere: Spell = (suggestion) => spell(suggestion, { place: PLACE, workspace: 'dev' });
const PROGRAM: SshProgram = {
  words: ['/usr/bin/ws'],
  platform: 'linux',
  knownHostsFile: '/home/me/.config/ws/known_hosts',
};

const snapshots = hostileObjects.map((objects) => toSnapshots(objects, 'team'));

describe('what a stranger wrote into a namespace', () => {
  property('enters as what its field can be', snapshots, (found) => {
    for (const snapshot of found) {
      const { deployment, name, release } = snapshot;
      expect(name).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
      expect(release).toMatch(/^[a-z0-9][a-z0-9.-]*$/);
      if (deployment?.user !== undefined) expect(deployment.user).toMatch(/^[a-z_][a-z0-9_-]{0,31}$/);
      expect(deployment !== undefined && deployment.user === undefined).toBe(deployment?.damage !== undefined);
      for (const text of listStrings(snapshot)) expect(text).not.toMatch(CONTROLS);
    }
  });

  property('lets nobody log in by a word that is none, and is shown as damaged', snapshots, (found) => {
    for (const snapshot of found) {
      if (snapshot.deployment?.damage === undefined) continue;
      expect(toEndpoint(snapshot)).toBeUndefined();
      const info = toInfo(snapshot, 'work');
      expect([info.state, info.user, info.trouble?.reason]).toEqual(['damaged', '', 'Damaged']);
      expect(formatWorkspaces([info], { width: undefined, color: false, nowMs: NOW_MS })).toContain('damaged');
    }
  });

  property('is shown on screens that do nothing but show', snapshots, (found) => {
    for (const screen of toScreens(found)) expect(screen.replace(OWN_COLOURS, '')).not.toMatch(CONTROLS);
  });

  property('is in documents as it is, with nothing for a terminal to obey', fc.tuple(snapshots, hostile), (value) => {
    const document = toDocument(value, 2);
    expect(document).not.toMatch(CONTROLS);
    expect(JSON.parse(document)).toEqual(JSON.parse(JSON.stringify(value)));
  });

  // One process for many namespaces.
  property(
    'is in commands to copy as words',
    fc.array(snapshots, { minLength: 20, maxLength: 40 }),
    (namespaces) => {
      const commands = namespaces
        .flat()
        .flatMap(listSuggestions)
        .filter((one) => 'program' in one);
      const read = readByShell(commands.map((command) => spellThere(command).line));
      for (const [index, { program, words, workspace }] of commands.entries()) {
        const given = new Set<unknown>([program, ...words, workspace ?? 'dev', ...Object.entries(PLACE).flat()]);
        const [name, ...rest] = read[index] ?? [];
        expect(name).toBe(program);
        for (const word of words) expect(rest).toContain(word);
        expect(rest.filter((word) => !given.has(word.replace(/^--/, '')) && !given.has(word))).toEqual([]);
      }
    },
    12,
  );
});

describe('OpenSSH, given what a stranger wrote into a namespace', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ws-hostile-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ask = (file: string, host: string) =>
    Object.fromEntries(
      execFileSync('ssh', ['-G', '-F', file, host], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
        .split('\n')
        .map((line) => [line.split(' ')[0], line.slice(line.indexOf(' ') + 1)]),
    );

  // One process for many namespaces.
  property(
    'has no word of it for other hosts, and for the workspaces the words that were meant',
    fc.array(snapshots, { minLength: 20, maxLength: 40 }),
    (namespaces) => {
      const good = namespaces.flat().filter(({ deployment }) => deployment?.user !== undefined);
      const hosts = good.map(({ name, deployment }) => ({
        workspace: name,
        user: deployment?.user ?? '',
        hostKeyAlias: toHostKeyAlias(name, 'team', 'uid'),
        identityFile: undefined,
        isTlsPostQuantum: false,
      }));
      const file = path.join(folder, 'config');
      writeFileSync(file, renderSshConfig('', hosts, { ...PLACE, kubeconfig: undefined }, PROGRAM), 'latin1');
      const other = ask(file, 'git@github.com');
      writeFileSync(path.join(folder, 'none'), '');
      expect(other).toEqual(ask(path.join(folder, 'none'), 'git@github.com'));
      const [first] = hosts;
      if (first === undefined) return;
      const own = ask(file, `ws-${first.workspace}`);
      expect(own['user']).toBe(first.user);
      expect(own['proxycommand']).toBe(`/usr/bin/ws proxy ${first.workspace} --context work --namespace team`);
    },
    8,
  );

  property(
    'loses the block that an earlier version let a stranger write',
    hostile.filter((user) => user.includes('\n')),
    (user) => {
      const good = {
        workspace: 'dev',
        user: 'alice',
        hostKeyAlias: 'ws-dev.a.b',
        identityFile: undefined,
        isTlsPostQuantum: false,
      };
      const place = { context: 'other', namespace: 'team', kubeconfig: undefined };
      const text = renderSshConfig('', [good], place, PROGRAM);
      const poisoned = text.replace('User alice', () => `User ${user}`);
      const after = renderSshConfig(poisoned, [], { ...PLACE, kubeconfig: undefined }, PROGRAM);
      expect(after).not.toContain('Host ');
    },
  );
});

function toScreens(found: WorkspaceSnapshot[]): string[] {
  const place = { context: 'work', namespace: 'team' };
  const options = { width: 100, color: true, nowMs: NOW_MS, place, spell: spellThere };
  const infos = found.map((snapshot) => toInfo(snapshot, 'work'));
  const notices = found.flatMap((snapshot) => diagnose(sceneOf(snapshot)).causes);
  const lines = toFinishedLines(
    {
      steps: found.map((snapshot) => ({
        id: 'ready',
        status: 'done',
        fact: diagnose(sceneOf(snapshot)).fact,
        startedAtMs: 0,
        endedAtMs: 1,
      })),
      notices: notices.map((found) => ({ level: 'warning', notice: { kind: 'trouble', ...toTrouble(found) } })),
    },
    { columns: 80, color: true, spell: spellThere },
  );
  return [
    formatWorkspaces(infos, options),
    ...found.map((snapshot, index) =>
      formatStatus(
        {
          ...(infos[index] as (typeof infos)[number]),
          hostKeyFingerprint: undefined,
          service: snapshot.service?.name,
          cpu: snapshot.deployment?.wants && {
            request: snapshot.deployment.wants.requests['cpu'],
            limit: snapshot.deployment.wants.limits['cpu'],
          },
          memory: undefined,
          activity: undefined,
          jobs: undefined,
          warnings: snapshot.events,
        },
        options,
      ),
    ),
    formatHomes(toHomes({ workspaces: found, users: [], hostKeys: [] }), options),
    ...infos.map((info) => describeArrival(info, 2222)),
    ...found.flatMap(findRefusal).map((error) => formatError(error, { ...options, columns: 80, debug: true })),
    ...lines,
  ].map(toSaid);
}

function listSuggestions(snapshot: WorkspaceSnapshot): Suggestion[] {
  const own = diagnose(sceneOf(snapshot)).causes.flatMap(({ suggestions }) => suggestions);
  return [...own, ...findRefusal(snapshot).flatMap(({ suggestions }) => suggestions), toResumeCommand(snapshot)];
}

/** The error for whoever wants to log in, where there is one. */
function findRefusal(snapshot: WorkspaceSnapshot): WorkspaceError[] {
  try {
    verifyUndamaged(snapshot);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(WorkspaceError);
    return [error as WorkspaceError];
  }
}

function listStrings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listStrings) : [];
}
