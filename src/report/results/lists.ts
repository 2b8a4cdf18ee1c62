/**
 * Results of commands as text for people. The shapes are `workspace/` and the operations' own; nothing is computed
 * here.
 */

import { listLines } from '../../workspace/diagnosis/cause.ts';
import { toNumber, toReadable } from '../../workspace/diagnosis/words/quantity.ts';
import type { WorkspaceError } from '../../workspace/errors/errors.ts';
import { toPrintable } from '../../workspace/errors/printable.ts';
import { toShellWord } from '../../workspace/errors/shell-words.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { Job } from '../../workspace/jobs/job.ts';
import type { ListedKey } from '../../workspace/keys/keys.ts';
import type { Activity } from '../../workspace/sleep/activity.ts';
import type { Home } from '../../workspace/state/homes.ts';
import type { CauseInfo, HomeInfo, ListedWorkspace, WorkspaceInfo } from '../../workspace/state/info.ts';
import type { EventSnapshot } from '../../workspace/state/snapshot.ts';
import { describeActivity, describeJob } from '../activity-words.ts';
import { countColumns, padColumns } from '../columns.ts';
import { toHints } from '../hints.ts';
import { describeRelease, toRowName } from '../namesakes.ts';
import { describeGrowth } from '../progress/wording.ts';
import { describeState, nameState } from '../state-words.ts';
import { wrap } from '../wrap.ts';
import { type FieldRow, formatFields, formatTable, type TableOptions } from './tables.ts';
import { formatAge, formatBytes } from './units.ts';

interface ListOptions extends TableOptions {
  nowMs: number;
}

/** One that may be marked. */
type Shown = WorkspaceInfo & Partial<Pick<ListedWorkspace, 'current'>>;

export function formatWorkspaces(
  workspaces: Shown[],
  options: ListOptions & { usage?: boolean; allNamespaces?: boolean },
): string {
  return formatTable<Shown>(
    [
      ...(options.allNamespaces === true
        ? [{ title: 'NAMESPACE', text: (row: WorkspaceInfo) => row.namespace, isEssential: true }]
        : []),
      { title: 'NAME', text: toRowName, isEssential: true },
      {
        title: 'STATE',
        text: (row) => (row.state === 'damaged' ? undefined : row.trouble?.reason) ?? nameState(row),
        isEssential: true,
      },
      { title: 'AGE', text: (row) => formatAge(row.createdAt, options.nowMs) },
      { title: 'HOME', text: formatHome },
      ...(options.usage === true ? [{ title: 'USED', text: formatUsage, isEssential: true }] : []),
      { title: 'USER', text: (row) => row.user || '–' },
      { title: 'NODE', text: (row) => row.node ?? '–' },
      { title: 'IMAGE', text: (row) => row.image ?? '–' },
    ],
    workspaces,
    options,
  );
}

/** Where was looked, and how to come to a workspace there. */
export function formatNoWorkspaces(place: Looked, spell: Spell): string {
  return `No workspaces in ${describePlace(place)}. Make one: ${spell(ws`up`).line}`;
}

/** Where was looked; without a namespace, in all. */
interface Looked {
  context: string;
  namespace: string | undefined;
}

function describePlace({ context, namespace }: Looked): string {
  return namespace === undefined ? `context ${context}` : `namespace ${namespace} of context ${context}`;
}

/** A volume may be somewhat larger than what was asked for: providers round up. */
const MOST_OF_CLAIM = 2;

function formatHome(info: WorkspaceInfo): string {
  const { earlierClaim } = info.home;
  return `${formatMountedHome(info)}${earlierClaim === undefined ? '' : `; ${earlierClaim} is kept`}`;
}

function formatMountedHome({ home, state }: WorkspaceInfo): string {
  if (home.kind === 'emptyDir') return state === 'stopped' ? 'gone' : 'with the pod';
  return `${home.size ?? '?'} ${home.storageClass ?? ''}`.trim();
}

/** Volumes may be folders on a node's disk, as on many test clusters: then these are the disk's numbers. */
function formatUsage({ home: { usedBytes, totalBytes, size } }: WorkspaceInfo): string {
  if (usedBytes === undefined || totalBytes === undefined) return '–';
  const claimed = toNumber(size) ?? totalBytes;
  const isDisk = totalBytes > claimed * MOST_OF_CLAIM;
  const total = formatBytes(totalBytes);
  return `${formatBytes(usedBytes)} of ${isDisk ? `a ${total} disk` : total}`;
}

/** A stopped workspace has no pod, and a new one has a new home. */
function describeEmptyDir({ state }: WorkspaceInfo): string {
  return state === 'stopped' ? 'an emptyDir: it went with the pod' : 'an emptyDir: lost when the pod goes';
}

export function formatStatus(
  status: WorkspaceInfo & {
    hostKeyFingerprint: string | undefined;
    service: string | undefined;
    cpu: Amount | undefined;
    memory: Amount | undefined;
    activity: Activity | undefined;
    jobs: Job[] | undefined;
    warnings: EventSnapshot[];
  },
  options: ListOptions & { spell: Spell },
): string {
  const { home, trouble } = status;
  const tries = toTries(trouble?.suggestion, options);
  const [, ...others] = status.causes ?? [];
  const rows: FieldRow[] = [
    ['Workspace', status.name],
    ['State', describeState(status)],
    ...(trouble === undefined
      ? []
      : [['Trouble', describeCause({ unseen: [], ...status.causes?.[0], ...trouble }), tries] as FieldRow]),
    ...others.map((other): FieldRow => ['Also', describeCause(other), toTries(other.suggestions[0], options)]),
    ...(status.activity === undefined
      ? []
      : [['Activity', describeActivity(status.activity, options.nowMs)] as FieldRow]),
    ...(status.jobs ?? []).map((job, index): FieldRow => [index === 0 ? 'Jobs' : '', describeJob(job)]),
    ['User', status.user || '–'],
    ['Place', `context ${status.context}, namespace ${status.namespace}`],
    ['Release', describeRelease(status)],
    [
      'Pod',
      status.pod === undefined
        ? '–'
        : `${status.pod} on ${status.node ?? 'no node'}, ${status.restarts === 1 ? '1 restart' : `${status.restarts} restarts`}`,
    ],
    ['Image', status.image ?? '–'],
    ['CPU', describeAmount('cpu', status.cpu)],
    ['Memory', describeAmount('memory', status.memory)],
    ['Service', status.service ?? '–'],
    ['Home', home.kind === 'emptyDir' ? describeEmptyDir(status) : describeClaim(home)],
    ['Host key', status.hostKeyFingerprint ?? '–'],
    ['Age', formatAge(status.createdAt, options.nowMs)],
  ];
  const ages = status.warnings.map(({ at }) => `${formatAge(at, options.nowMs)} ago`);
  const longest = Math.max(0, ...ages.map(countColumns));
  const warnings = status.warnings.flatMap((event, at) => {
    const age = `  ${padColumns(ages[at] ?? '', longest)}  `;
    const text = toPrintable(`${event.reason}  ${event.message}`, { oneLine: true });
    const lines = options.width ? wrap(text, options.width - age.length) : [text];
    return lines.map((line, index) => (index === 0 ? age : ' '.repeat(age.length)) + line);
  });
  return warnings.length === 0
    ? formatFields(rows, options)
    : `${formatFields(rows, options)}\n\nWarnings\n${warnings.join('\n')}`;
}

/** What its pod asks of a node, and may have. */
interface Amount {
  request: string | undefined;
  limit: string | undefined;
}

function describeAmount(resource: string, amount: Amount | undefined): string {
  if (amount === undefined) return '–';
  const say = (word: string, quantity: string | undefined) =>
    quantity === undefined ? `no ${word}` : `${word} ${toReadable(resource, quantity)}`;
  return `${say('request', amount.request)}, ${say('limit', amount.limit)}`;
}

function describeClaim({ claim, subPath, size = '?', asked, storageClass = '–', kept }: HomeInfo): string {
  const folder = subPath === undefined ? '' : `, folder ${subPath}`;
  const growth = asked === undefined ? '' : ` (${describeGrowth({ asked, has: size })})`;
  return `claim ${claim}${folder}, ${size}${growth}, class ${storageClass}${kept ? ', kept' : ''}`;
}

/** With what it is known by, a line each. */
function describeCause({ reason, message, evidence, unseen }: Omit<CauseInfo, 'suggestions' | 'waiting'>): string {
  return listLines({ message: `${reason}: ${message}`, evidence, unseen }).join('\n');
}

/** Below a field, whose label takes eleven columns. */
function toTries(suggestion: Suggestion | undefined, { spell, width }: TableOptions & { spell: Spell }): string[] {
  return toHints(suggestion, spell, width ? width - 16 : undefined).map((hint, index) =>
    index === 0 ? `Try: ${hint}` : `     ${hint}`,
  );
}

/** Why there are no keys, and first what helps. */
type Explained = Pick<WorkspaceError, 'reason' | 'suggestions'>;

export function formatKeys(
  keys: Omit<ListedKey, 'blob'>[],
  options: TableOptions & { place: Looked; spell: Spell; fault?: Explained | undefined },
): string {
  if (keys.length === 0) {
    const none = `No keys in ${describePlace(options.place)}: nobody can log in to the workspace.`;
    if (options.fault === undefined) return `${none} Add one: ${options.spell(ws`keys add FILE.pub`).line}`;
    const { reason = '', suggestions } = options.fault;
    const lines = reason
      .split('\n')
      .filter(Boolean)
      .map((line) => toPrintable(line));
    return [
      none,
      ...[...lines, ...toHints(suggestions[0], options.spell, options.width)].map((line) => `  ${line}`),
    ].join('\n');
  }
  return formatTable(
    [
      { title: 'FINGERPRINT', text: (row) => row.fingerprint, isEssential: true },
      // As ws keys rm takes it, to be copied.
      { title: 'COMMENT', text: (row) => (row.comment === '' ? '–' : toShellWord(row.comment)) },
      ...(keys.some(({ here }) => here !== undefined) ? [{ title: 'YOURS', text: toNameHere }] : []),
      { title: 'TYPE', text: (row) => row.type },
    ],
    keys,
    options,
  );
}

/** The comment of a key on this machine, which `ws doctor` says as well; of one without, its file. */
function toNameHere({ here }: Omit<ListedKey, 'blob'>): string {
  if (here === undefined) return '–';
  return here.comment || (here.path ?? 'in the agent').replace(/^.*\//, '');
}

export function formatHomes(homes: Home[], options: ListOptions & { place: Looked; spell: Spell }): string {
  if (homes.length === 0)
    return `No homes on volumes in ${describePlace(options.place)}. A workspace makes one: ${options.spell(ws`up`).line}`;
  return formatTable<Home>(
    [
      { title: 'CLAIM', text: (row) => row.claim ?? '– (host key only)', isEssential: true },
      { title: 'WORKSPACE', text: (row) => row.workspace, isEssential: true },
      {
        title: 'USED BY',
        text: ({ state, usedBy }) => {
          const users = usedBy.length === 0 ? '–' : usedBy.join(', ');
          return state === 'in use' ? users : `${users} (${state === 'kept' ? 'kept' : 'being deleted'})`;
        },
        isEssential: true,
      },
      { title: 'SIZE', text: (row) => row.size ?? '–' },
      { title: 'CLASS', text: (row) => row.storageClass ?? '–' },
      { title: 'AGE', text: (row) => formatAge(row.createdAt, options.nowMs) },
    ],
    homes,
    options,
  );
}
