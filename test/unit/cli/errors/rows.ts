/**
 * What a person can type to get each error, alone: with files and variables of their own, and workspaces in any state
 * that people leave them in. `@` is a folder of the person's.
 */
import type { ErrorCode } from '../../../../src/workspace/errors/errors.ts';

export interface Row {
  code: ErrorCode;
  /** As it is typed, variables first. */
  line: string;
  exit: number;
  message: RegExp;
  /** The first line that is proposed. */
  first: string | RegExp;
}

const UP = 'up new --yes --no-shell --storage-class none';

export const ROWS: Row[] = [
  {
    code: 'ANSWER_MISSING',
    line: 'ws up new --no-shell',
    exit: 2,
    message: /^No username, .* was given, and /,
    first: /^ws up new --no-shell --/,
  },
  {
    code: 'ANSWER_MISSING',
    line: 'ws homes rm old',
    exit: 2,
    message: /old/,
    first: 'ws homes rm old --yes',
  },
  {
    code: 'BAD_WORKSPACE_NAME',
    line: 'ws up Dev --yes',
    exit: 2,
    message: /^"Dev" cannot be a workspace's name$/,
    first: 'ws up dev --yes',
  },
  { code: 'BAD_USERNAME', line: 'ws up new --user root', exit: 2, message: /\broot\b/, first: /^ws up new --user / },
  { code: 'BAD_ID', line: 'ws up new --uid 0', exit: 2, message: /0/, first: /^ws up new --uid \d+$/ },
  { code: 'BAD_SIZE', line: 'ws up new --size 10x', exit: 2, message: /10x/, first: /^ws up new --size \d+Gi$/ },
  { code: 'BAD_MAPPING', line: 'ws forward dev nonsense:', exit: 2, message: /nonsense:/, first: /^ws forward dev / },
  { code: 'BAD_MAPPING', line: 'ws forward dev', exit: 2, message: /Nothing to forward/, first: 'ws forward dev 3000' },
  {
    code: 'BAD_PUBLIC_KEY',
    line: 'ws keys add dev @/id',
    exit: 2,
    message: /is not a public key that a workspace can use$/,
    first: 'ws keys add dev @/id.pub',
  },
  { code: 'BAD_VALUE', line: 'ws ls --jsn', exit: 2, message: /^ws ls has no flag --jsn$/, first: 'ws ls --json' },
  { code: 'BAD_VALUE', line: 'ws lst', exit: 2, message: /^There is no command "ws lst"$/, first: 'ws ls' },
  {
    code: 'BAD_VALUE',
    line: 'ws keys rm dev only@key --yes',
    exit: 2,
    message: /last key/,
    first: 'ws keys add dev FILE.pub',
  },
  {
    code: 'CONFLICTING_FLAGS',
    line: 'ws ssh dev --tmux=job --detach -L 3000',
    exit: 2,
    message: /^--detach and --forward do not go together$/,
    first: 'ws ssh dev --tmux=job --detach',
  },
  {
    code: 'CONFLICTING_FLAGS',
    line: 'ws status dev -w web',
    exit: 2,
    message: /^Two workspaces are named/,
    first: 'ws status dev',
  },
  {
    code: 'HOME_CHOICE_MISSING',
    line: 'ws down dev',
    exit: 2,
    message: /home/,
    // Its server does not say whether anybody is there.
    first: 'ws down dev --keep-home --yes',
  },
  {
    code: 'WORKSPACE_AMBIGUOUS',
    line: 'ws logs --tail 3',
    exit: 2,
    message: /^Which workspace\?/,
    first: 'ws logs dev --tail 3',
  },
  { code: 'WORKSPACE_AMBIGUOUS', line: 'ws ssh -- make', exit: 2, message: /^Which/, first: 'ws ssh dev -- make' },
  {
    code: 'HELM_MISSING',
    line: `WS_HELM=@/none ws ${UP} --identity @/id`,
    exit: 3,
    message: /^Helm cannot be run$/,
    first: /./,
  },
  {
    code: 'HELM_TOO_OLD',
    line: `WS_HELM=@/helm-3.9 ws ${UP} --identity @/id`,
    exit: 3,
    message: /^Helm 3\.9\.0 is too old$/,
    first: /./,
  },
  {
    code: 'HELM_FAILED',
    line: `WS_HELM=@/helm-odd ws ${UP} --identity @/id`,
    exit: 3,
    message: /^Helm failed with status 9$/,
    first: 'ws doctor',
  },
  {
    code: 'KUBECONFIG_MISSING',
    line: 'ws ls --kubeconfig @/none',
    exit: 3,
    message: /^There is no kubeconfig$/,
    first: 'export KUBECONFIG=PATH',
  },
  {
    code: 'KUBECONFIG_INVALID',
    line: 'ws ls --kubeconfig @/id',
    exit: 3,
    message: /^The kubeconfig \S+ cannot be used$/,
    first: /^kubectl config view/,
  },
  {
    code: 'CONTEXT_UNKNOWN',
    line: 'ws ls --kubeconfig @/kubeconfig --context herre',
    exit: 3,
    message: /^There is no context "herre"$/,
    first: 'ws ls --kubeconfig @/kubeconfig --context here',
  },
  {
    code: 'CREDENTIALS_REJECTED',
    line: 'ws ls --kubeconfig @/kubeconfig --context plugin',
    exit: 3,
    message: /credential/,
    first: /./,
  },
  {
    code: 'AGENT_SILENT',
    line: `HOME=@/empty SSH_AUTH_SOCK=@/none ws ${UP} --user alice`,
    exit: 3,
    message: /^Which key opens the workspace cannot be chosen, and none is made$/,
    first: /./,
  },
  {
    code: 'KEY_NOT_FOUND',
    line: 'ws keys add dev @/none.pub',
    exit: 3,
    message: /none\.pub cannot be read$/,
    first: 'ls ~/.ssh',
  },
  {
    code: 'KEY_NOT_FOUND',
    line: 'ws keys rm dev only@kye --yes',
    exit: 3,
    message: /^No authorized key has the fingerprint or comment "only@kye"$/,
    first: 'ws keys rm dev only@key --yes',
  },
  {
    code: 'KEY_UNREADABLE',
    line: `ws ${UP} --identity @/broken`,
    exit: 3,
    message: /broken cannot be used$/,
    first: /^ssh-keygen -l -f /,
  },
  {
    code: 'LOCAL_PORT_TAKEN',
    line: 'ws forward dev PORT:3000 --strict',
    exit: 3,
    message: /PORT/,
    first: /^ws forward dev \S+:3000 --strict$/,
  },
  {
    code: 'LOCAL_FILE_FAILED',
    line: 'HOME=@/odd-home ws config-ssh --remove',
    exit: 3,
    message: /cannot be changed$/,
    first: /Put this line/,
  },
  {
    code: 'SETTINGS_INVALID',
    line: 'WS_CONFIG_DIR=@/id ws config set cpu 2',
    exit: 3,
    message: /^The settings in \S+ cannot be used$/,
    first: 'export WS_CONFIG_DIR=FOLDER',
  },
  {
    code: 'NAMESPACE_MISSING',
    line: 'ws ls -n taem --usage',
    exit: 4,
    message: /^There is no namespace taem$/,
    first: 'ws ls -n team --usage',
  },
  {
    code: 'NAMESPACE_MISSING',
    line: 'ws homes ls -n taem',
    exit: 4,
    message: /^There is no namespace taem$/,
    first: 'ws homes ls -n team',
  },
  {
    code: 'STORAGE_CLASS_UNKNOWN',
    line: 'ws up new --yes --no-shell --storage-class fats --identity @/id',
    exit: 4,
    message: /fats/,
    first: 'ws up new --yes --no-shell --storage-class fast --identity @/id',
  },
  {
    code: 'HOME_CONFLICT',
    line: 'ws down bare --keep-home',
    exit: 4,
    message: /bare/,
    first: 'ws ssh bare -- tar cz . > bare-home.tar.gz',
  },
  {
    code: 'HOST_KEY_UNVERIFIED',
    line: 'ws ssh dev --context unchecked -- true',
    exit: 255,
    message: /unverified connection$/,
    first: /./,
  },
  {
    code: 'KEY_NOT_AUTHORIZED',
    line: 'ws ssh dev -- true',
    exit: 255,
    message: /^None of your keys opens workspace dev$/,
    first: 'ws ssh dev --identity FILE -- true',
  },
  {
    code: 'WORKSPACE_MISSING',
    line: 'ws status wep',
    exit: 5,
    message: /^There is no workspace wep in namespace team of context kind$/,
    first: 'ws status web',
  },
  {
    code: 'WORKSPACE_MISSING',
    line: 'ws homes rm odl',
    exit: 5,
    message: /^There is no home "odl"/,
    first: 'ws homes rm old',
  },
  {
    code: 'WORKSPACE_MISSING',
    line: 'ws ssh dve ls',
    exit: 255,
    message: /^There is no workspace dve/,
    first: 'ws ssh dev ls',
  },
  { code: 'WORKSPACE_STOPPED', line: 'ws ssh web', exit: 255, message: /web/, first: 'ws up web' },
  { code: 'WORKSPACE_DAMAGED', line: 'ws forward odd 3000', exit: 5, message: /odd/, first: /./ },
  {
    code: 'WORKSPACE_NOT_READY',
    line: 'ws logs dev --previous --tail 3',
    exit: 5,
    message: /^Workspace dev has no previous log$/,
    first: 'ws logs dev --tail 3',
  },
  { code: 'HOME_IN_USE', line: 'ws homes rm dev --yes', exit: 5, message: /ws-dev-home/, first: /./ },
  {
    code: 'CLUSTER_UNREACHABLE',
    line: 'ws ls --kubeconfig @/kubeconfig --context here',
    exit: 6,
    message: /API server/,
    first: /./,
  },
];

/** Errors that words, files and variables alone do not make, and what does. */
export const NOT_BY_WORDS: Partial<Record<ErrorCode, string>> = {
  PASSPHRASE_WRONG: 'is typed at a question of a terminal: test/integration/ssh/connect.test.ts',
  PASSPHRASE_UNASKABLE: 'a server has to ask for the key: test/integration/ssh/connect.test.ts',
  NOT_PERMITTED: 'the cluster refuses it: test/e2e/refused-writes.test.ts',
  HOST_KEY_CHANGED: 'somebody changed the Secret: test/e2e/kept-host-key.test.ts',
  RELEASE_FOREIGN: 'somebody else made the objects: test/e2e/keys-hold.test.ts',
  CHART_REFUSED: 'Helm reads the values: test/e2e/releases.test.ts',
  TMUX_SESSION_EXISTS: 'the session has to run: test/e2e/app/sessions',
  WORKSPACE_BUSY: 'somebody else is at work: test/integration/helm/held-release.test.ts',
  WORKSPACE_FAILED: 'the pod has to fail: test/e2e/app/causes.test.ts',
  HOST_KEY_MISSING: 'somebody deleted the Secret: test/e2e/kept-host-key.test.ts',
  FORWARD_FAILED: 'the server has to refuse a port: test/integration/ssh/forwards.test.ts',
  CONNECTION_FAILED: 'the way to the pod is cut: test/e2e/pod-stream.test.ts',
  CONNECTION_LOST: 'the way to the pod is cut: test/e2e/app/sessions',
  INTERRUPTED: 'is a key or a signal, no word: test/unit/operations/interruptions.test.ts',
};
