import { homedir } from 'node:os';
import path from 'node:path';
import type { Choices, HomeChoice } from '../workspace/choices.ts';
import type { Field, ListOption } from '../workspace/form.ts';
import type { Identity } from '../workspace/keys.ts';
import {
  DEFAULT_HOME_SIZE,
  DEFAULT_ID,
  DEFAULT_USER,
  findIdFault,
  findSizeFault,
  findUsernameFault,
} from '../workspace/names.ts';
import type { Settings } from '../workspace/settings.ts';
import type { StorageClassSnapshot } from '../workspace/snapshot.ts';
import type { CliTerminal } from './terminal.ts';
import { newKeyPath, type UpAnswers, type UpOptions } from './up-answers.ts';

export interface UpQuestion {
  workspace: string;
  known: UpAnswers;
  options: UpOptions;
  choices: Choices;
  saved: Settings;
  context: string;
  namespace: string;
}

const NONE = 'none';
const NEW_KEY = 'new';

/** Asks in one form for what is still open, and reviews the whole with the command that says the same. */
export async function askAnswers(question: UpQuestion, terminal: CliTerminal, signal: AbortSignal): Promise<UpAnswers> {
  const { askForm } = await import('../report/prompts.tsx');
  const { known, options } = question;
  const values = await askForm(
    {
      title: `New workspace ${question.workspace}`,
      subtitle: `in namespace ${question.namespace}, context ${question.context}`,
      fields: toFields(question),
      toCommand: (soFar) => toCommand(question.workspace, known, soFar, options),
      color: terminal.colorOnStderr,
    },
    { stdin: terminal.stdin, stream: terminal.stderr, signal },
  );
  return {
    user: known.user ?? values.user,
    uid: known.uid ?? Number(values.uid),
    home: known.home ?? toHome(values),
    key: known.key ?? toKey(values.key, options.identities),
  };
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
  const list = (id: string, label: string, entries: ListOption[], isAsked: boolean): Field => ({
    kind: 'list',
    id,
    label,
    options: entries,
    index: 0,
    isAsked: () => isAsked,
  });
  return [
    text('user', 'Username', DEFAULT_USER, 'default', findUsernameFault, () => known.user === undefined),
    text('uid', 'User ID', String(DEFAULT_ID), 'default', findIdFault, () => known.uid === undefined),
    list('storage', 'Home', toStorageOptions(options.storageClasses), known.home === undefined),
    text(
      'size',
      'Home size',
      saved.size ?? DEFAULT_HOME_SIZE,
      saved.size === undefined ? 'default' : 'saved',
      findSizeFault,
      (values) => known.home === undefined && values.storage !== NONE,
    ),
    list('key', 'Key', toKeyOptions(options.identities), known.key === undefined),
  ];
}

/** The default class first, then the others, then none at all. */
function toStorageOptions(classes: StorageClassSnapshot[] | undefined): ListOption[] {
  const sorted = (classes ?? []).toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
  return [...sorted.map(toStorageOption), { value: NONE, label: NONE, detail: 'lost when the pod goes' }];
}

function toStorageOption({ name, provisioner, isDefault, bindingMode, canGrow }: StorageClassSnapshot): ListOption {
  const details = [
    isDefault ? 'default' : '',
    provisioner,
    bindingMode === 'Immediate' ? 'made at once' : 'made when first used',
    canGrow ? 'can grow' : '',
  ];
  return { value: name, label: name, detail: details.filter(Boolean).join(' · ') };
}

function toKeyOptions(identities: Identity[]): ListOption[] {
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
  return [...own, { value: NEW_KEY, label: 'Make a new ed25519 key', detail: shortenHome(newKeyPath()) }];
}

function shortenHome(file: string): string {
  const home = homedir() + path.sep;
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

/** What a script would say to get the same workspace. */
function toCommand(workspace: string, known: UpAnswers, values: Record<string, string>, options: UpOptions): string {
  const words = [
    'ws up',
    workspace,
    '--user',
    known.user ?? values.user ?? '',
    '--uid',
    String(known.uid ?? values.uid),
  ];
  const home = known.home ?? toHome(values);
  if (home.kind === 'emptyDir') words.push('--storage-class none');
  else if (home.kind === 'existing-claim') words.push('--home', home.name);
  else
    words.push(
      '--storage-class',
      home.storageClass ?? 'default',
      ...(home.size === undefined ? [] : ['--size', home.size]),
    );
  const key = known.key ?? toKey(values.key, options.identities);
  const file = key?.kind === 'generate' ? key.path : key?.identity.path;
  if (file !== undefined) words.push('--key', file);
  return words.join(' ');
}
