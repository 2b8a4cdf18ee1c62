import { describe, expect, it } from 'vitest';
import { formatFinding } from '../../../src/report/findings.ts';
import {
  formatHomes,
  formatKeys,
  formatNoWorkspaces,
  formatStatus,
  formatWorkspaces,
} from '../../../src/report/results/lists.ts';
import { formatFields, formatTable } from '../../../src/report/results/tables.ts';
import { formatAge, formatBytes } from '../../../src/report/results/units.ts';
import { advice, kubectl, ws } from '../../../src/workspace/errors/suggestion.ts';
import type { Job } from '../../../src/workspace/jobs/job.ts';
import { formatLocalClock } from '../../../src/workspace/sleep/local-time.ts';
import type { Home } from '../../../src/workspace/state/homes.ts';
import { toInfo } from '../../../src/workspace/state/info.ts';
import { readByShell, spellHere } from '../../spelling.ts';
import { claim, claimHome, deployment, keptHome, pendingPod, snapshot, waiting } from '../workspace/snapshots.ts';

const NOW = Date.parse('2026-06-01T13:00:00Z');
const IN_TWO_HOURS = formatLocalClock(NOW + 7_200_000, NOW);
const PIPE = {
  width: undefined,
  color: false,
  nowMs: NOW,
  place: { context: 'kind', namespace: 'team' },
  spell: spellHere,
};
const failing = snapshot({
  name: 'broken',
  home: claimHome(),
  pod: pendingPod({ container: waiting('ImagePullBackOff', 'not found') }),
});
const keptInfo = toInfo(keptHome(), 'kind');
const all = [snapshot(), failing, keptHome()].map((entry) => toInfo(entry, 'kind'));

describe('ws ls', () => {
  it('shows everything in a pipe, however wide', () => {
    expect(formatWorkspaces(all, PIPE)).toMatchInlineSnapshot(`
      "NAME    STATE             AGE  HOME          USER   NODE    IMAGE
      dev     ready             3h   with the pod  alice  node-1  ws-workspace:0.2.0
      broken  ImagePullBackOff  3h   12Gi fast     alice  node-1  ws-workspace:0.2.0
      dev     home kept         31d  12Gi fast     alice  –       –"
    `);
  });

  it('shows a home that is kept beside the one that is used', () => {
    const beside = toInfo(snapshot({ home: { kind: 'emptyDir', unused: claim() } }), 'kind');
    expect(beside.home).toMatchObject({ kind: 'emptyDir', earlierClaim: 'ws-dev-home' });
    expect(formatWorkspaces([beside], PIPE)).toContain('with the pod; ws-dev-home is kept');
    const ending = toInfo(snapshot({ home: { kind: 'emptyDir', unused: claim({ phase: 'Terminating' }) } }), 'kind');
    expect(formatWorkspaces([ending], PIPE)).not.toContain('is kept');
  });

  it('tells two of one name apart by their releases', () => {
    const two = ['one', 'two'].map((release, at, both) =>
      toInfo({ ...snapshot({ release }), otherReleases: both.toSpliced(at, 1) }, 'kind'),
    );
    const [, first, second] = formatWorkspaces(two, PIPE).split('\n');
    expect([first, second]).toEqual([
      expect.stringMatching(/^dev \(release one\) +ready/),
      expect.stringMatching(/^dev \(release two\) +ready/),
    ]);
  });

  it('shows everything on a terminal that nobody gave a size', () => {
    expect(formatWorkspaces(all, { ...PIPE, width: 0 })).toBe(formatWorkspaces(all, PIPE));
  });

  it('loses columns from the right until it fits, never name and state', () => {
    expect(formatWorkspaces(all, { ...PIPE, width: 60 })).toMatchInlineSnapshot(`
      "NAME    STATE             AGE  HOME          USER   NODE
      dev     ready             3h   with the pod  alice  node-1
      broken  ImagePullBackOff  3h   12Gi fast     alice  node-1
      dev     home kept         31d  12Gi fast     alice  –"
    `);
    expect(formatWorkspaces(all, { ...PIPE, width: 10 })).toMatchInlineSnapshot(`
      "NAME
        STATE
      dev  ready
      broken
        ImagePullBackOff
      dev
        home
        kept"
    `);
  });

  it.each([20, 40, 60, 80, 200])('never breaks a line on %i columns', (width) => {
    const lines = formatWorkspaces(all, { ...PIPE, width }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  it('says how to begin when there is nothing', () => {
    const place = { context: 'kind', namespace: 'team' };
    expect(formatNoWorkspaces(place, spellHere)).toBe(
      'No workspaces in namespace team of context kind. Make one: ws up',
    );
    expect(formatNoWorkspaces({ ...place, namespace: undefined }, spellHere)).toBe(
      'No workspaces in context kind. Make one: ws up',
    );
  });

  it('marks the one that is meant here, behind its name', () => {
    const marked = all.map((info) => ({ ...info, current: info.name === 'broken' }));
    const lines = formatWorkspaces(marked, PIPE).split('\n');
    expect(lines.map((line) => line.slice(0, 10))).toEqual(['NAME      ', 'dev       ', 'broken *  ', 'dev       ']);
  });
});

describe('ws status', () => {
  const more = {
    hostKeyFingerprint: 'SHA256:x',
    service: 'ws-dev:22 (ClusterIP)',
    cpu: undefined,
    memory: undefined,
    activity: undefined,
    jobs: undefined,
    warnings: [],
  };

  it('says all there is to know', () => {
    expect(formatStatus({ ...toInfo(snapshot(), 'kind'), ...more }, PIPE)).toMatchInlineSnapshot(`
      "Workspace  dev
      State      ready
      User       alice
      Place      context kind, namespace team
      Release    ws-dev
      Pod        ws-dev-1 on node-1, 0 restarts
      Image      ws-workspace:0.2.0
      CPU        –
      Memory     –
      Service    ws-dev:22 (ClusterIP)
      Home       an emptyDir: lost when the pod goes
      Host key   SHA256:x
      Age        3h"
    `);
  });

  it('says that an emptyDir is gone once its workspace has been stopped', () => {
    const stopped = snapshot({ deployment: deployment({ replicas: 0 }), pod: undefined, home: { kind: 'emptyDir' } });
    const info = toInfo(stopped, 'kind');
    expect(formatStatus({ ...info, ...more }, PIPE)).toMatch(/^Home +an emptyDir: it went with the pod$/m);
    expect(formatWorkspaces([info], PIPE)).toMatch(/ stopped +3h +gone /);
  });

  it('shows jobs one below the other', () => {
    const jobs: Job[] = [
      { session: 'build', state: 'running' },
      { session: 'test', state: 'exited', status: 3 },
      { session: 'train', state: 'lost' },
    ];
    const text = formatStatus({ ...toInfo(snapshot(), 'kind'), ...more, jobs }, PIPE);
    expect(text).toContain(
      '\nJobs       build: runs\n           test: ended with status 3\n           train: ended with its pod or its shell, without a status\nUser ',
    );
    expect(formatStatus({ ...toInfo(snapshot(), 'kind'), ...more, jobs: [] }, PIPE)).not.toContain('Jobs');
  });

  it.each([
    [{ idleSeconds: 2187 }, 'idle for 36 min: nothing typed, nothing computes'],
    [
      { idleSeconds: 2187, sleepsInSeconds: 1440 },
      'sleeps in 24 min: idle for 36 min, nothing typed, nothing computes',
    ],
    [{ busy: 'computes' as const, sleepsInSeconds: 3600 }, 'busy: a program computes'],
    [
      { idleSeconds: 60, stopsInSeconds: 12_000 },
      'idle for 60 s: nothing typed, nothing computes; stops in 3 h, whatever works',
    ],
    [{ busy: 'lease' as const }, 'busy: somebody holds it, with a time, a command or a file'],
    [{ busy: 'lease' as const, heldForSeconds: 7200 }, `busy: held until ${IN_TWO_HOURS}`],
    [{ busy: 'computes' as const, heldForSeconds: 7200 }, `busy: a program computes; held until ${IN_TWO_HOURS}`],
    [{ busy: 'agent' as const, agent: 'claude' }, 'busy: claude is at work or waits for an answer'],
  ])('says whether something works: %j', (given, expected) => {
    const nothing = {
      busy: undefined,
      agent: undefined,
      sleepsInSeconds: undefined,
      heldForSeconds: undefined,
      stopsInSeconds: undefined,
    };
    const activity = { idleSeconds: 0, ...nothing, ...given };
    const text = formatStatus({ ...toInfo(snapshot(), 'kind'), ...more, activity }, PIPE);
    expect(text).toContain(`\nState      ready\nActivity   ${expected}\nUser `);
  });

  it.each([
    [{ request: '250m', limit: '2' }, 'request 250m, limit 2'],
    [{ request: '250m', limit: undefined }, 'request 250m, no limit'],
    [{ request: undefined, limit: undefined }, 'no request, no limit'],
  ])('says what the pod asks for and may have: %j', (cpu, expected) => {
    const memory = { request: undefined, limit: '17179869184' };
    const text = formatStatus({ ...toInfo(snapshot(), 'kind'), ...more, cpu, memory }, PIPE);
    expect(text).toContain(`\nCPU        ${expected}\nMemory     no request, limit 16Gi\n`);
  });

  it('has the texts of warnings below each other, whatever their ages', () => {
    const at = (minutes: number) => ({
      ...{ type: 'Warning' as const, reason: 'Failed', message: 'm', object: 'Pod/x', count: 1 },
      at: new Date(PIPE.nowMs - minutes * 60_000).toISOString(),
    });
    const text = formatStatus({ ...toInfo(snapshot(), 'kind'), ...more, warnings: [at(1), at(600)] }, PIPE);
    const columns = text.split('\n').flatMap((line) => (line.includes('Failed') ? [line.indexOf('Failed')] : []));
    expect([columns.length, new Set(columns).size]).toEqual([2, 1]);
  });

  it('says trouble with its advice, and the warnings', () => {
    const warnings = [
      {
        type: 'Warning',
        reason: 'Failed',
        message: 'a\nb\x1b[2J',
        object: 'Pod/x',
        at: '2026-06-01T12:59:30Z',
      } as const,
    ];
    const text = formatStatus({ ...toInfo(failing, 'kind'), ...more, warnings }, PIPE);
    expect(text).toMatchInlineSnapshot(`
      "Workspace  broken
      State      failing
      Trouble    ImagePullBackOff: The image ws-workspace:0.2.0 cannot be pulled: not found
                 Try: ws up broken --image NAME:TAG
                        or publish this one, or load it into the nodes; without a tag it has that of ws's version, not latest
      User       alice
      Place      context kind, namespace team
      Release    ws-dev
      Pod        ws-dev-1 on node-1, 0 restarts
      Image      ws-workspace:0.2.0
      CPU        –
      Memory     –
      Service    ws-dev:22 (ClusterIP)
      Home       claim ws-dev-home, 12Gi, class fast
      Host key   SHA256:x
      Age        3h

      Warnings
        30s ago  Failed  a b"
    `);
  });
});

describe('ws ls with more', () => {
  it('shows namespaces and how full homes are', () => {
    const [first] = all;
    const full = { ...first, home: { ...first?.home, usedBytes: 1536, totalBytes: 1048576 } } as (typeof all)[number];
    const text = formatWorkspaces([full, keptInfo], { ...PIPE, usage: true, allNamespaces: true });
    expect(text.split('\n').map((line) => line.slice(0, 71).trimEnd())).toMatchInlineSnapshot(`
      [
        "NAMESPACE  NAME  STATE      AGE  HOME          USED                USER",
        "team       dev   ready      3h   with the pod  1.5 KiB of 1.0 MiB  alic",
        "team       dev   home kept  31d  12Gi fast     –                   alic",
      ]
    `);
  });
});

describe('ws ls --usage', () => {
  const [first] = all;
  const used = (size: string, totalBytes: number) => {
    const home = { kind: 'claim', claim: 'c', size, usedBytes: 2 ** 30, totalBytes } as const;
    return formatWorkspaces([{ ...first, home } as never], { ...PIPE, usage: true });
  };

  it('says when the numbers are those of a disk, and not of the volume', () => {
    expect(used('10Gi', 252 * 2 ** 30)).toContain('1.0 GiB of a 252 GiB disk');
    expect(used('10Gi', 10.5 * 2 ** 30)).toContain('1.0 GiB of 10.5 GiB ');
  });
});

describe('other lists', () => {
  it('show the comment of a key as ws keys rm takes it', () => {
    const comments = ['me@laptop', "my 'old' laptop", 'two  blanks', 'müller@büro', '$HOME', 'a\tb'];
    const keys = comments.map((comment) => ({ type: 'ecdsa', comment, fingerprint: 'SHA256:x' }));
    const [header = '', ...lines] = formatKeys(keys, PIPE).split('\n');
    const [start, end] = [header.indexOf('COMMENT'), header.indexOf('TYPE')];
    const typed = lines.map((line) => `ws keys rm ${line.slice(start, end)}`);
    expect(readByShell(typed)).toEqual(comments.map((comment) => ['ws', 'keys', 'rm', comment]));
  });

  it('say beside the comment of a key what this machine calls it', () => {
    const key = { type: 'ssh-ed25519', comment: 'me@laptop', fingerprint: 'SHA256:x' };
    const show = (here: { path?: string; comment: string }) =>
      (formatKeys([{ ...key, here: { path: undefined, ...here } }], PIPE).split('\n')[1] ?? '').split(/ {2,}/)[2];
    expect(show({ path: '/h/.ssh/id', comment: 'alice' })).toBe('alice');
    expect(show({ path: '/h/.ssh/id', comment: '' })).toBe('id');
    expect(show({ comment: 'alice' })).toBe('alice');
    expect(show({ comment: '' })).toBe('in the agent');
    const options = { ...PIPE, width: 80 };
    const [header] = formatKeys(
      [{ ...key, fingerprint: `SHA256:${'x'.repeat(43)}`, here: { path: '/id', comment: 'alice@home' } }],
      options,
    ).split('\n');
    expect(header).toMatch(/YOURS/);
    const both = formatKeys([key, { ...key, here: { path: '/id', comment: '' } }], PIPE);
    expect(both.split('\n').map((line) => line.split(/ {2,}/)[2])).toEqual(['YOURS', '–', 'id']);
  });

  it('of keys and homes', () => {
    const keys = [{ type: 'ssh-ed25519', comment: '', fingerprint: 'SHA256:x' }];
    expect(formatKeys(keys, PIPE)).toBe('FINGERPRINT  COMMENT  TYPE\nSHA256:x     –        ssh-ed25519');
    expect(formatKeys([], PIPE)).toMatch(/nobody can log in/);
    const suggestions = [{ ...kubectl`edit secret people`, note: 'or where it is managed' }];
    expect(
      formatKeys([], { ...PIPE, fault: { reason: 'One\nTwo', suggestions } })
        .split('\n')
        .slice(1),
    ).toEqual([
      '  One',
      '  Two',
      expect.stringMatching(/^ {2}kubectl .*edit secret people$/),
      '    or where it is managed',
    ]);
    const home = {
      claim: 'c',
      hostKey: 'ws-w-host-key',
      workspace: 'w',
      user: 'u',
      size: '1Gi',
      storageClass: 'fast',
      createdAt: '2026-05-01T13:00:00Z',
      state: 'kept',
      usedBy: [],
    } satisfies Home;
    const used = { ...home, state: 'in use', usedBy: ['workspace w', 'Pod x'] } satisfies Home;
    const ending = { ...home, state: 'ending' } satisfies Home;
    const alone = { ...home, claim: undefined, size: undefined, storageClass: undefined } satisfies Home;
    expect(formatHomes([home, used, ending, alone], PIPE).split('\n')).toEqual([
      'CLAIM              WORKSPACE  USED BY             SIZE  CLASS  AGE',
      'c                  w          – (kept)            1Gi   fast   31d',
      'c                  w          workspace w, Pod x  1Gi   fast   31d',
      'c                  w          – (being deleted)   1Gi   fast   31d',
      '– (host key only)  w          – (kept)            –     –      31d',
    ]);
    expect(formatHomes([], PIPE)).toBe(
      'No homes on volumes in namespace team of context kind. A workspace makes one: ws up',
    );
  });

  it('of findings, with a mark and a colour each', () => {
    const finding = {
      check: 'helm',
      verdict: 'bad',
      detail: 'no\x1b[2J',
      suggestion: { ...ws`up`, note: 'do' },
    } as const;
    expect(formatFinding(finding, { width: undefined, color: false, spell: spellHere })).toBe(
      '✗ helm               no\n                     ws up\n                       do',
    );
    // A sentence is broken at its words, and a command never.
    const sentence = {
      ...finding,
      suggestion: advice('Build it, then push it, or load it into the nodes of the cluster'),
    };
    const narrow = formatFinding(sentence, { width: 60, color: false, spell: spellHere }).split('\n');
    expect(Math.max(...narrow.map(({ length }) => length))).toBeLessThanOrEqual(60);
    expect(narrow.slice(1).map((line) => line.trim())).toEqual([
      'Build it, then push it, or load it into',
      'the nodes of the cluster',
    ]);
    expect(formatFinding({ ...finding, suggestion: undefined }, { width: 0, color: true, spell: spellHere })).toBe(
      '\x1b[31m✗\x1b[0m helm               no',
    );
  });
});

describe('tables', () => {
  const columns = [
    { title: 'A', text: (row: string) => row, isEssential: true },
    { title: 'LONGER', text: () => 'x' },
  ];

  it('align their columns and end no line with blanks', () => {
    expect(formatTable(columns, ['abcdef', 'a'], { width: undefined, color: false })).toBe(
      'A       LONGER\nabcdef  x\na       x',
    );
  });

  it('fold what is essential and still too wide, and cut none of it', () => {
    expect(formatTable(columns, ['abcdefgh'], { width: 5, color: false })).toBe('A\nabcdefgh');
  });

  it('have a bold header in colour', () => {
    expect(formatTable(columns, [], { width: undefined, color: true })).toBe('\x1b[1mA  LONGER\x1b[0m');
  });

  it('obey nothing that stands in a cell, and stay a line a row', () => {
    const evil = 'a\x1b[31mb\nc\x07\x9b2J';
    expect(formatTable(columns, [evil], { width: undefined, color: false })).toBe('A      LONGER\nab c   x');
    expect(formatFields([['Name', evil]], { color: false })).toBe('Name  ab\n      c ');
  });
});

describe('units', () => {
  it.each([
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [7199, '119m'],
    [7200, '2h'],
    [172_799, '47h'],
    [172_800, '2d'],
    [-5, '0s'],
  ])('%i seconds ago is %s', (seconds, text) => {
    expect(formatAge(new Date(NOW - seconds * 1000).toISOString(), NOW)).toBe(text);
  });

  it('show a dash for a time that is none', () => {
    expect([formatAge(undefined, NOW), formatAge('', NOW), formatAge('yesterday', NOW)]).toEqual(['–', '–', '–']);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [150 * 1024, '150 KiB'],
    [2 ** 30, '1.0 GiB'],
    [5000 * 2 ** 40, '5000 TiB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
