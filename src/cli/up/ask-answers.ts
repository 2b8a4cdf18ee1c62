import path from 'node:path';
import type { HomeChoice } from '../../workspace/choices/choices.ts';
import type { Field, ListOption } from '../../workspace/choices/form.ts';
import type { Settings } from '../../workspace/choices/settings.ts';
import type { Identity } from '../../workspace/keys/keys.ts';
import {
  DEFAULT_HOME_SIZE,
  DEFAULT_ID,
  DEFAULT_USER,
  findIdFault,
  findSizeFault,
  findUsernameFault,
} from '../../workspace/names.ts';
import type { StorageClassSnapshot } from '../../workspace/state/snapshot.ts';
import { homeFolder } from '../terminal/machine.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { newKeyPath, type UpAnswers, type UpOptions } from './up-answers.ts';

export interface UpQuestion {
  workspace: string;
  known: UpAnswers;
  options: UpOptions;
  saved: Settings;
  /** The commands that say the same without a question, as words that are quoted. */
  toCommands(answers: UpAnswers): string[][];
  context: string;
  namespace: string;
}

const NONE = 'none';
const NEW_KEY = 'new';
/** Where a value came from that was the answer to the last form. */
const LAST_TIME = 'as last time';

/** Asks in one form for what is still open, and reviews the whole with the command that says the same. */
export async function askAnswers(question: UpQuestion, terminal: CliTerminal, signal: AbortSignal): Promise<UpAnswers> {
  const { askForm } = await import('../../report/asking/prompts.tsx');
  const { known, options } = question;
  const toAnswers = (values: Record<string, string>): UpAnswers => ({
    user: known.user ?? values.user,
    uid: known.uid ?? Number(values.uid),
    home: known.home ?? toHome(values),
    key: known.key ?? toKey(values.key, options.identities),
  });
  const values = await askForm(
    {
      title: `New workspace ${question.workspace}`,
      subtitle: `in namespace ${question.namespace}, context ${question.context}`,
      fields: toFields(question),
      toCommands: (soFar) => question.toCommands(toAnswers(soFar)),
      color: terminal.colorOnStderr,
    },
    { stdin: terminal.stdin, stream: terminal.stderr, signal },
  );
  return toAnswers(values);
}

function toFields({ known, options, saved }: UpQuestion): Field[] {
  const text = (
    id: string,
    label: string,
    value: string,
    origin: string,
    findFault: (value: string) => string | undefined,
    isAsked: Field['isAsked'],
  ): Field => ({
    kind: 'text',
    id,
    label,
    value,
    origin,
    findFault,
    isAsked,
    cursor: value.length,
  });
  const list = (id: string, label: string, entries: ListOption[], lastValue: string | undefined, isAsked: boolean) => {
    const index = Math.max(
      0,
      entries.findIndex(({ value }) => value === lastValue),
    );
    const marked = entries.map((entry) => (entry.value === lastValue ? withDetail(entry, LAST_TIME) : entry));
    return { kind: 'list', id, label, options: marked, index, isAsked: () => isAsked } satisfies Field;
  };
  const last = saved.lastAnswers ?? {};
  const orDefault = (value: string | number | undefined, preset: string | number): [string, string] =>
    value === undefined ? [String(preset), 'default'] : [String(value), LAST_TIME];
  return [
    text('user', 'Username', ...orDefault(last.user, DEFAULT_USER), findUsernameFault, () => known.user === undefined),
    text('uid', 'User ID', ...orDefault(last.uid, DEFAULT_ID), findIdFault, () => known.uid === undefined),
    list('storage', 'Home', toStorageOptions(options.storageClasses), last.storageClass, known.home === undefined),
    text(
      'size',
      'Home size',
      ...(saved.size === undefined
        ? orDefault(last.size, DEFAULT_HOME_SIZE)
        : ([saved.size, 'saved'] as [string, string])),
      findSizeFault,
      (values) => known.home === undefined && values.storage !== NONE,
    ),
    list('key', 'Key', toKeyOptions(options), last.key, known.key === undefined),
  ];
}

function withDetail(entry: ListOption, detail: string): ListOption {
  return { ...entry, detail: entry.detail === '' ? detail : `${detail} · ${entry.detail}` };
}

/** The default class first, then the others, then none at all. */
function toStorageOptions(classes: StorageClassSnapshot[] | undefined): ListOption[] {
  const sorted = (classes ?? []).toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
  return [...sorted.map(toStorageOption), { value: NONE, label: NONE, detail: 'lost when the pod goes' }];
}

function toStorageOption({ name, provisioner, isDefault, bindingMode, canGrow }: StorageClassSnapshot): ListOption {
  const details = [
    isDefault ? 'default' : '',
    bindingMode === 'Immediate' ? 'made at once' : 'made when first used',
    canGrow ? 'can grow' : '',
    // Last: of a narrow terminal's line the end is cut.
    provisioner,
  ];
  return { value: name, label: name, detail: details.filter(Boolean).join(' · ') };
}

function toKeyOptions({ identities, agent }: UpOptions): ListOption[] {
  const own = identities.map((key) => ({
    value: key.fingerprint,
    label: key.path === undefined ? key.comment || key.type : shortenHome(key.path),
    detail: [
      key.type,
      key.path === undefined ? '' : key.comment,
      key.source === 'agent' ? 'in the agent' : '',
      key.encrypted ? 'has a passphrase' : '',
      key.fingerprint.slice(0, 19),
    ]
      .filter(Boolean)
      .join(' · '),
  }));
  // Keys that nobody could look at are not there to choose: a new one would be taken for want of them.
  if (agent.kind === 'silent') return own;
  return [...own, { value: NEW_KEY, label: 'Make a new ed25519 key', detail: shortenHome(newKeyPath()) }];
}

function shortenHome(file: string): string {
  const home = homeFolder() + path.sep;
  return file.startsWith(home) ? `~${path.sep}${file.slice(home.length)}` : file;
}

function toHome(values: Record<string, string>): HomeChoice {
  return values.storage === NONE || values.storage === undefined
    ? { kind: 'emptyDir' }
    : { kind: 'claim', storageClass: values.storage, size: values.size };
}

function toKey(value: string | undefined, identities: Identity[]): UpAnswers['key'] {
  const identity = identities.find((entry) => entry.fingerprint === value);
  return identity === undefined ? { kind: 'generate', path: newKeyPath() } : { kind: 'identity', identity };
}
