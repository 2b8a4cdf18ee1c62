/** The server ended with a sentence of its own. */
import { advice, kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../../state/snapshot.ts';
import type { Cause, CauseGroup, Waiting } from '../../cause.ts';
import type { Scene } from '../../scene.ts';
import { findPort, readStartFault, type StartFault } from '../../words/last-words.ts';
import { type Crash, describeEnd, findCrash } from './crash.ts';

interface Kind {
  code: string;
  group?: CauseGroup;
  title: string;
  looksLike: string;
  help: string;
  waiting?: Waiting;
  tell(words: string, crash: Crash): string;
  suggest(crash: Crash): Suggestion[];
}

const KINDS: Record<StartFault, Kind> = {
  'home-not-writable': {
    code: 'HOME_NOT_WRITABLE',
    group: 'volume',
    title: 'The user may not write the home',
    looksLike: 'The server ends again and again, and says "the home cannot be written by UID …".',
    help: 'Give the folder to the UID of the workspace (`chown` on the volume), or make the workspace with the UID that owns it.',
    tell: (words) => `The server cannot use the home: ${words}`,
    suggest: ({ end: { message = '' } }) => {
      const owner = /belongs to UID (?<uid>[1-9]\d{0,9})\b/.exec(message)?.groups?.['uid'];
      const chown = advice('Give the folder on the volume to the UID of the workspace with chown');
      return owner === undefined ? [chown] : [{ ...ws`up --uid ${owner}`, note: 'the owner of the folder' }, chown];
    },
  },
  'home-full': {
    code: 'HOME_FULL',
    group: 'volume',
    title: 'The volume was full before it had a home',
    looksLike:
      'The server ends again and again, and says "the home\'s volume is full". A home that is there lets you log in though it is full.',
    help: '`ws up dev --size 20Gi` makes the volume larger, where its class can grow.',
    tell: (words) => `The server cannot use the home: ${words}`,
    suggest: ({ snapshot: { home } }) => {
      const size = home.kind === 'claim' ? double(home.claim.capacity ?? home.claim.requested) : undefined;
      return size === undefined
        ? [{ ...ws`up --size 20Gi`, note: 'where its storage class can grow' }]
        : [{ ...ws`up --size ${size}`, note: 'where its storage class can grow' }];
    },
  },
  'home-read-only': {
    code: 'HOME_READ_ONLY',
    group: 'volume',
    title: "The home's volume is read-only",
    looksLike: 'The server ends again and again, and says "the home\'s volume is read-only".',
    help: 'Take another volume, or see why this one is mounted read-only.',
    tell: (words) => `The server cannot use the home: ${words}`,
    suggest: ({ snapshot: { home } }) =>
      home.kind === 'claim'
        ? [{ ...kubectl`describe pvc ${home.claim.name}`, note: 'shows its access modes' }]
        : [kubectl`get pvc`],
  },
  'home-silent': {
    code: 'HOME_SILENT',
    group: 'volume',
    title: "The home's volume does not answer",
    looksLike: 'The server ends again and again, and says "the home\'s volume did not answer".',
    help: 'See whether the server of the volume is up. The workspace starts as soon as it is.',
    waiting: 'helps',
    tell: (words) => `The server cannot use the home: ${words}`,
    suggest: ({ snapshot: { home } }) =>
      home.kind === 'claim'
        ? [{ ...kubectl`describe pvc ${home.claim.name}`, note: 'names its volume, and who serves it' }]
        : [kubectl`get pvc`],
  },
  values: {
    code: 'START_VALUES',
    title: 'The server does not accept a value',
    looksLike: 'The server ends again and again, and says which value may be what.',
    help: 'Change that value in the values file.',
    tell: (words) => `The server does not accept a value: ${words}`,
    suggest: () => [advice('Change that value in the values file that sets it, and give it with --values')],
  },
  port: {
    code: 'START_PORT',
    title: 'The server cannot have its port',
    looksLike: 'The server ends again and again, and says "listen EADDRINUSE" or "listen EACCES".',
    help: 'Choose another port with `ssh.port` in a values file, or end what has it in the same pod.',
    tell: (words) =>
      `The server cannot listen on port ${findPort(words) ?? 'of its own'} of the pod: ${/EACCES/.test(words) ? 'only root may have it' : 'another container of the pod has it'}`,
    suggest: () => [advice('Choose another port with ssh.port in a values file')],
  },
  'read-only': {
    code: 'START_READ_ONLY',
    title: 'The server cannot write its own files',
    looksLike: 'The server ends again and again, and says that /run/ws cannot be written or is not mounted.',
    help: '`kubectl delete pod` gives it a new /run/ws; a home on a claim stays.',
    tell: (words) => `The server cannot write its own files: ${words}`,
    suggest: ({ pod }) => [
      { ...kubectl`delete pod ${pod.name}`, note: 'the next pod gets a new /run/ws; a home on a claim stays' },
    ],
  },
  'host-key': {
    code: 'START_HOST_KEY',
    title: 'The server cannot use its host key',
    looksLike: 'The server ends again and again, and says what is wrong with the host key.',
    help:
      'Give it a host key that it can use: where the Secret has lost it, `helm rollback` to the revision that made it ' +
      'writes it again. Or delete the Secret and run `ws up dev --repair`, which makes a new one.',
    tell: (words, { snapshot }) =>
      `The server cannot use the host key in Secret ${toHostKey(snapshot)}: ${/^error:/.test(words) ? 'it is no private key' : words}`,
    suggest: ({ snapshot }) => {
      const secret = toHostKey(snapshot);
      if (secret !== `${snapshot.release}-host-key`)
        return [advice(`Put a private key that OpenSSH takes into ssh_host_key of Secret ${secret}`)];
      const note = 'then the next makes a new one, which each machine has to accept once';
      return [{ ...kubectl`delete secret ${secret}`, note }, ws`up --repair`];
    },
  },
};

export const SERVER: Cause[] = (Object.keys(KINDS) as StartFault[]).map((fault) => {
  const { code, group = 'start', title, looksLike, help, waiting = 'useless', tell, suggest } = KINDS[fault];
  return {
    ...{ code, group, title, looksLike, help, waiting },
    find: (scene: Scene) => {
      const crash = findCrash(scene);
      const words = crash?.end.message;
      if (crash === undefined || words === undefined || readStartFault(words) !== fault) return [];
      return [
        {
          reason: crash.reason,
          message: tell(words, crash),
          // Most tell the words already.
          evidence: [describeEnd(crash, !tell(words, crash).includes(words))],
          suggestions: suggest(crash),
          unseen: [],
        },
      ];
    },
  };
});

/** The Secret that the pod mounts. */
function toHostKey({ deployment, release }: WorkspaceSnapshot): string {
  return deployment?.hostKeySecret ?? `${release}-host-key`;
}

/** Twice as much, in whole Gi. */
function double(size: string | undefined): string | undefined {
  const amount = /^(?<number>\d{1,6})Gi$/.exec(size ?? '')?.groups?.['number'];
  return amount === undefined ? undefined : `${Number(amount) * 2}Gi`;
}
