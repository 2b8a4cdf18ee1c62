/**
 * What the API server's admission says when it refuses an object: each with a parser of its own, which returns
 * undefined for other words. The words may stand anywhere in a text, as Helm and the ReplicaSet quote them.
 */
import type { Quantities } from '../scene.ts';

export interface QuotaRefusal {
  quota: string;
  /** By resource: only those that are exceeded. */
  requested: Quantities;
  used: Quantities;
  limited: Quantities;
}

/** apiserver, pkg/admission/plugin/resourcequota/controller.go, CheckRequest and prettyPrint. */
export function readQuotaRefusal(words: string): QuotaRefusal | undefined {
  const { quota, requested, used, limited } =
    /exceeded quota: (?<quota>[a-z0-9][-a-z0-9.]{0,252}), requested: (?<requested>\S{1,2000}), used: (?<used>\S{1,2000}), limited: (?<limited>\S{1,2000})/.exec(
      words,
    )?.groups ?? {};
  if (quota === undefined) return undefined;
  return { quota, requested: readList(requested), used: readList(used), limited: readList(limited) };
}

/** `limits.cpu=2,pods=1`; what is no pair is left out. */
function readList(text = ''): Quantities {
  const pairs = text
    .split(',')
    .map((pair) => /^(?<name>[A-Za-z0-9][\w./-]*)=(?<amount>[0-9.]+[A-Za-z]{0,2}[0-9]*)$/.exec(pair)?.groups);
  return Object.fromEntries(pairs.flatMap((pair) => (pair === undefined ? [] : [[pair['name'], pair['amount']]])));
}

export interface QuotaDemand {
  quota: string;
  /** What every container has to say how much it may have of, as `limits.cpu`. */
  resources: string[];
}

/** A quota of a resource wants every pod to say how much (pkg/quota/v1/evaluator/core/pods.go, Constraints). */
export function readQuotaDemand(words: string): QuotaDemand | undefined {
  const { quota, list } =
    /failed quota: (?<quota>[a-z0-9][-a-z0-9.]{0,252}): must specify (?<list>.{1,1000})/.exec(words)?.groups ?? {};
  if (quota === undefined || list === undefined) return undefined;
  const resources = list.split(';').flatMap((part) => /^ ?(?<name>[\w./-]+) for: /.exec(part)?.groups?.['name'] ?? []);
  return resources.length === 0 ? undefined : { quota, resources };
}

export interface BoundRefusal {
  kind: 'minimum' | 'maximum' | 'ratio';
  resource: string;
  /** `Container`, `Pod` or `PersistentVolumeClaim`. */
  type: string;
  bound: string;
  /** Which of the two is out of bounds. */
  of: 'request' | 'limit' | 'ratio';
  /** Undefined where nothing was given. */
  given: string | undefined;
}

const BOUND =
  /(?<kind>minimum|maximum) (?<resource>[\w./-]{1,100}) usage per (?<type>Container|Pod|PersistentVolumeClaim) is (?<bound>[0-9.]+[A-Za-z]{0,2})(?:, but (?<of>request|limit) is (?<given>[0-9.]+[A-Za-z]{0,2})|\. {1,2}No (?<none>request|limit) is specified)/g;
const RATIO =
  /(?<resource>[\w./-]{1,100}) max limit to request ratio per (?<type>Container|Pod|PersistentVolumeClaim) is (?<bound>[0-9.]+[A-Za-z]{0,2}), but (?:provided ratio is (?<given>[0-9.]{1,30})|no (?:request|limit) is specified)/g;

/** All bounds of limit ranges that the words name (plugin/pkg/admission/limitranger/admission.go). */
export function readBoundRefusals(words: string): BoundRefusal[] {
  const bounds = [...words.matchAll(BOUND)].map(({ groups = {} }): BoundRefusal => {
    const { kind, resource = '', type = '', bound = '', of, given, none } = groups;
    return {
      ...{ resource, type, bound, given },
      kind: kind === 'minimum' ? 'minimum' : 'maximum',
      of: (of ?? none) === 'limit' ? 'limit' : 'request',
    };
  });
  const ratios = [...words.matchAll(RATIO)].map(({ groups = {} }): BoundRefusal => {
    const { resource = '', type = '', bound = '', given } = groups;
    return { kind: 'ratio', of: 'ratio', resource, type, bound, given };
  });
  return [...bounds, ...ratios];
}

export interface SecurityRefusal {
  /** `restricted:latest` */
  level: string;
  /** What is not allowed, each with who does it. */
  violations: string[];
}

/** pod-security-admission, admission/admission.go and policy/registry.go. */
export function readSecurityRefusal(words: string): SecurityRefusal | undefined {
  const { level, list } =
    /violates PodSecurity "(?<level>[a-z]{1,20}:[\w.-]{1,20})": (?<list>.{1,4000})/.exec(words)?.groups ?? {};
  if (level === undefined || list === undefined) return undefined;
  return { level, violations: list.split(/(?<=\)), /).map((one) => one.trim()) };
}

export interface GateRefusal {
  kind: 'webhook' | 'silent-webhook' | 'policy';
  name: string;
  /** Whoever refused explains it so; undefined where it does not. */
  why: string | undefined;
}

const GATES: [GateRefusal['kind'], RegExp][] = [
  // plugin/webhook/errors/statuserror.go
  [
    'webhook',
    /admission webhook "(?<name>[\w.-]{1,253})" denied the request(?:: (?<why>[\s\S]*)| without explanation)/,
  ],
  // plugin/webhook/generic and validating/dispatcher.go: the webhook itself does not answer
  ['silent-webhook', /failed calling webhook "(?<name>[\w.-]{1,253})": (?<why>[\s\S]*)/],
  // plugin/policy/validating/dispatcher.go
  [
    'policy',
    /(?:ValidatingAdmissionPolicy|policy) ['"](?<name>[\w.-]{1,253})['"](?: with binding ['"][\w.-]{1,253}['"])? denied request: (?<why>[\s\S]*)/,
  ],
];

/** A webhook or a policy of the cluster that says no. */
export function readGateRefusal(words: string): GateRefusal | undefined {
  for (const [kind, pattern] of GATES) {
    const { name, why } = pattern.exec(words)?.groups ?? {};
    if (name !== undefined) return { kind, name, why: why?.trim() || undefined };
  }
  return undefined;
}
