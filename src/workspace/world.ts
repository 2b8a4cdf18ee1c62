/**
 * The world as operations may touch it: small interfaces, declared here by who uses them, implemented in `adapters/`
 * and joined in `cli/wiring/`. A method that fails throws a `WorkspaceError`; `find…` may return nothing, `get…` must
 * return; everything that waits takes an AbortSignal and throws `INTERRUPTED` when it fires.
 */
import type { Duplex } from 'node:stream';
import type { PublicKey } from '../contract/keys/public-key.ts';
import type { WayToCluster } from './api-access.ts';
import type { FormerClusterId } from './api-trust.ts';
import type { ByteStream, PodStreamOptions, StreamWatcher } from './byte-stream.ts';
import type { Look, NodeSight, Surroundings } from './diagnosis/scene.ts';
import type { Suggestion } from './errors/suggestion.ts';
import type { ImageTraces } from './image-name.ts';
import type { AgentState } from './keys/agents.ts';
import type { Identity } from './keys/keys.ts';
import type { RecentLogin } from './recent-login.ts';
import type { ClusterRemains, ManifestObject, Refused, Releases } from './release/releases.ts';
import type { ClusterScale } from './sleep/cluster-scale.ts';
import type { ClusterPods } from './state/cluster-pods.ts';
import type { ClusterSecrets } from './state/cluster-secrets.ts';
import type { Endpoint } from './state/endpoint.ts';
import type {
  ClaimSnapshot,
  HostKeySecret,
  StorageClassSnapshot,
  VolumeUser,
  WorkspaceSnapshot,
} from './state/snapshot.ts';
import type { ExecOptions, ShellOptions, Terminal } from './terminal.ts';

export interface World {
  cluster: Cluster;
  releases: Releases;
  connector: Connector;
  listeners: Listeners;
  knownHosts: KnownHosts;
  identities: Identities;
  recent: RecentLogins;
  clock: Clock;
}

export interface Clock {
  nowMs(): number;
  /** Resolves after the time, throws `INTERRUPTED` when the signal fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** One permission as RBAC names it. `group` is '' for the core API. */
export interface Permission {
  group: string;
  resource: string;
  subresource?: string;
  verb: string;
  /** False for cluster-wide kinds. Default true. */
  namespaced?: boolean;
}

/** The Kubernetes API of one context and namespace. */
export interface Cluster extends ClusterSecrets, WayToCluster {
  readonly pods: ClusterPods;
  readonly scale: ClusterScale;
  readonly remains: ClusterRemains;
  /** Server version, as `v1.37.2`. The first call that proves the cluster can be reached. */
  getVersion(signal: AbortSignal): Promise<string>;
  /**
   * Names the cluster for known_hosts by what no two clusters share: the UID of kube-system, where that may not be read
   * the UID of the own namespace, and where neither may be, address and certificate authority. Asked for once.
   */
  getClusterId(signal: AbortSignal): Promise<string>;
  /** Other names that the cluster has or had, best first. Rights to read come and go, and pins stay. */
  listFormerClusterIds(signal: AbortSignal): Promise<FormerClusterId[]>;
  /** Undefined when it is absent; `unknown` when it may not be read. */
  findNamespace(signal: AbortSignal): Promise<'active' | 'terminating' | 'unknown' | undefined>;
  /** The names of all namespaces. Undefined when the user may not list them. */
  findNamespaces(signal: AbortSignal): Promise<string[] | undefined>;
  /** The permissions that the API server refuses. */
  findMissingPermissions(permissions: Permission[], signal: AbortSignal): Promise<Permission[]>;
  /** Undefined when the user may not list them. */
  findStorageClasses(signal: AbortSignal): Promise<StorageClassSnapshot[] | undefined>;
  /** What nodes and events of the namespace say of an image, as far as the user may look. */
  findImageTraces(image: string, signal: AbortSignal): Promise<ImageTraces>;
  /** The nodes, as far as the user may look. Waits no longer than `lookAround`. */
  lookAtNodes(signal: AbortSignal): Promise<Look<NodeSight>>;
  /**
   * What is around a workspace that does not start: nodes, quotas, classes and the like, as far as the user may look.
   * It waits for none of them for long, and throws nothing but `INTERRUPTED`. Ask it only when something is wrong.
   */
  lookAround(signal: AbortSignal): Promise<Surroundings>;
  /** Has the API server judge objects as new ones, and makes none: those that it would refuse. */
  tryObjects(objects: ManifestObject[], signal: AbortSignal): Promise<Refused[]>;
  /** All workspaces of the namespace, those of which only a kept home is left included. */
  listWorkspaces(signal: AbortSignal): Promise<WorkspaceSnapshot[]>;
  /** The same of every namespace of the context. Throws `NOT_PERMITTED` where the user may list no such thing. */
  listAllWorkspaces(signal: AbortSignal): Promise<WorkspaceSnapshot[]>;
  findWorkspace(name: string, signal: AbortSignal): Promise<WorkspaceSnapshot | undefined>;
  /** Where a workspace serves SSH, by its pod alone; undefined unless just one pod of it is ready. */
  findEndpoint(name: string, signal: AbortSignal): Promise<Endpoint | undefined>;
  /** A snapshot now and after each change of its pods, deployment, claim and events, until the signal fires. */
  watchWorkspace(name: string, signal: AbortSignal): AsyncIterable<WorkspaceSnapshot>;
  /** Whatever mounts claims or Secrets of the namespace, things that are no workspace included. */
  listVolumeUsers(signal: AbortSignal): Promise<VolumeUser[]>;
  /** The Secrets with a workspace's own host key, in use or kept; none when the user may not list Secrets. */
  listHostKeys(signal: AbortSignal): Promise<HostKeySecret[]>;
  findClaim(name: string, signal: AbortSignal): Promise<ClaimSnapshot | undefined>;
  /**
   * The volume that stays, with all that is in it, when this claim goes: by its reclaim policy. Undefined where it goes
   * as well, and where nobody can tell: users may seldom read volumes.
   */
  findRetainedVolume(claim: string, signal: AbortSignal): Promise<string | undefined>;
  deleteClaim(name: string, signal: AbortSignal): Promise<void>;
  /**
   * A byte pipe to a TCP port of a pod through the API server, with back-pressure both ways. Ends when one side does.
   */
  openPodStream(pod: string, port: number, signal: AbortSignal, options?: PodStreamOptions): Promise<ByteStream>;
  /** Container log lines, oldest first; with `follow` until the signal fires. */
  readLog(pod: string, options: LogOptions, signal: AbortSignal): AsyncIterable<string>;
}

export interface LogOptions {
  follow: boolean;
  previous: boolean;
  tailLines: number | undefined;
}

/** The last login to each workspace of the context and namespace. Never throws: without it a login takes longer. */
export interface RecentLogins {
  find(workspace: string): Promise<RecentLogin | undefined>;
  /** The names of the workspaces, newest first. */
  list(): Promise<string[]>;
  /** Identities that were known stay when none are given. */
  keep(login: RecentLogin): Promise<void>;
}

/** Where and as whom to connect; `openStream` gives the raw bytes to the SSH server. */
export interface SshTarget {
  openStream(signal: AbortSignal): Promise<ByteStream>;
  user: string;
  /** The only host keys that are accepted. */
  hostKeys: PublicKey[];
  /** Tried in this order. */
  identities: Identity[];
  /** Asked for an encrypted key file; undefined means: nobody can be asked. */
  askPassphrase: ((identity: Identity, attempt: number) => Promise<string | undefined>) | undefined;
}

export interface Connector {
  /** Loads what `connect` needs. Call it while you wait for something else. */
  prepare(): void;
  connect(target: SshTarget, signal: AbortSignal): Promise<SshConnection>;
}

/** One SSH connection with its channels. `close` is idempotent. */
export interface SshConnection extends AsyncDisposable {
  /** The key that opened the door. */
  readonly identity: Identity;
  /** An interactive shell on the terminal: raw mode, resize, restore on every path. Returns the remote exit status. */
  shell(terminal: Terminal, options: ShellOptions, signal: AbortSignal): Promise<number>;
  /** A command without a PTY, piped byte for byte. Returns the remote exit status (128+n for a signal). */
  exec(terminal: Terminal, options: ExecOptions, signal: AbortSignal): Promise<number>;
  /** Runs a command and collects what it prints; `input` goes to its stdin. */
  run(
    command: string,
    signal: AbortSignal,
    input?: string,
  ): Promise<{ status: number; stdout: string; stderr: string }>;
  /** A direct-tcpip channel to an address as the pod sees it. */
  openChannel(host: string, port: number): Promise<Duplex>;
  /** Asks the server to listen in the pod and hands each connection over. */
  forwardRemote(
    host: string,
    port: number,
    onConnection: (stream: Duplex) => void,
  ): Promise<{ port: number; close(): Promise<void> }>;
  /** Whether the server answers within the time. Otherwise a silently cut path goes unnoticed for a minute. */
  isAlive(limitMs: number): Promise<boolean>;
  /** Settles when the connection is gone: undefined after `close`, else the reason. */
  readonly ended: Promise<Error | undefined>;
  /** Where what carries it can be lost and found again; absent elsewhere. */
  readonly watch?: (watcher: StreamWatcher) => void;
  close(): Promise<void>;
}

/** Traffic of one local listener, counted. */
export interface ForwardCounters {
  open: number;
  total: number;
  bytesUp: number;
  bytesDown: number;
  failures: number;
}

export interface LocalListener extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  readonly counters: ForwardCounters;
  close(): Promise<void>;
}

/** A local port whose connections are carried elsewhere. */
export interface ListenOptions {
  /** `*` is every address of this machine. */
  address: string;
  /** 0 is any free port. */
  port: number;
  /** Takes the next free port when this one is taken. */
  anyFreePort: boolean;
  /** Where each connection leads: to one address, or to the one that the client names by SOCKS. */
  target: { host: string; port: number } | 'socks';
  /** Opens the stream that a connection is carried over. */
  open(host: string, port: number): Promise<Duplex>;
  /** Called for a connection that could not be carried. The listener stays. */
  onFailure(error: Error): void;
  /** The command that asks for another port instead. */
  suggest(port: number): Suggestion;
}

/** This machine's end of forwards. */
export interface Listeners {
  /** Listens, and carries each connection with half-close and back-pressure kept. Throws `LOCAL_PORT_TAKEN`. */
  listen(options: ListenOptions, signal: AbortSignal): Promise<LocalListener>;
  /** Carries a stream to an address that this machine reaches. Throws `FORWARD_FAILED` when nothing answers there. */
  join(stream: Duplex, host: string, port: number): Promise<void>;
}

/** `ws`'s own known_hosts file, in OpenSSH's format. */
export interface KnownHosts {
  /** Absolute path of the file, for `UserKnownHostsFile`. */
  readonly path: string;
  find(alias: string): Promise<PublicKey[]>;
  /**
   * Records the keys of an alias, atomically; other lines stay as they are, byte for byte. `unkept`: the file cannot be
   * written, and they hold for this run alone.
   */
  pin(alias: string, keys: PublicKey[]): Promise<'kept' | 'unkept'>;
  forget(alias: string): Promise<void>;
  /** The names under which a key stands, those of patterns and hashes left out. */
  findNames(key: PublicKey): Promise<string[]>;
}

/** The user's own key pairs. */
export interface Identities {
  /** Where keys in files are looked for, as a person writes it: `~/.ssh`, or the whole path where HOME is unset. */
  readonly folder: string;
  /**
   * Keys of the agent first, then the key pairs that OpenSSH's configuration names and those in `~/.ssh`; one entry per
   * public key. The agent is the one that `ssh` would ask for the workspace, or for any.
   */
  list(signal: AbortSignal, workspace?: string): Promise<Identity[]>;
  /** The same, and what became of asking the agent. */
  look(signal: AbortSignal, workspace?: string): Promise<{ identities: Identity[]; agent: AgentState }>;
  /** The key pair or public key at a path; throws `KEY_NOT_FOUND` or `KEY_UNREADABLE`. */
  read(path: string): Promise<Identity>;
  /** A free path in `~/.ssh` for a new key, where plain ssh finds it too; undefined when the names are taken. */
  findFreePath(): string | undefined;
  /** Makes an ed25519 key pair without a passphrase at a path that must be free; mode 0600. */
  generate(path: string, comment: string): Promise<Identity>;
}
