/** A quota of the namespace has no room for the home's volume. */
import { kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { StorageClassSnapshot } from '../../../state/snapshot.ts';
import type { Cause } from '../../cause.ts';
import { listSeen, listUnseen, type Scene } from '../../scene.ts';
import { LEAST_HOME } from '../../words/least.ts';
import { toNumber, toSize } from '../../words/quantity.ts';
import { describeShortage, findGrowing, listShortages, type Shortage, tellShortage } from './shortages.ts';

/** pkg/quota/v1/evaluator/core/persistent_volume_claims.go: a class has two resources of its own. */
const OF_CLASS =
  /^(?<name>[-a-z0-9.]+)\.storageclass\.storage\.k8s\.io\/(?<what>requests\.storage|persistentvolumeclaims)$/;
const CLAIMS = /^(?:count\/)?persistentvolumeclaims$/;

interface Kind {
  code: string;
  title: string;
  isOf(resource: string): boolean;
  help: string;
}

const KINDS: Kind[] = [
  {
    code: 'QUOTA_CLASS',
    title: 'The quota of the storage class has no room for the home',
    isOf: (resource) => OF_CLASS.test(resource),
    help: 'Choose another class with `--storage-class`, or a smaller home with `--size`.',
  },
  {
    code: 'QUOTA_CLAIMS',
    title: 'The quota has no volume claim left',
    isOf: (resource) => CLAIMS.test(resource),
    help: '`ws homes ls` shows homes that were kept; one that nobody needs can go. Or `--storage-class none`.',
  },
  {
    code: 'QUOTA_STORAGE',
    title: 'The quota has too little storage left for the home',
    isOf: (resource) => resource === 'requests.storage',
    help: 'Make the home smaller: `ws up dev --size 5Gi`. `ws homes ls` shows homes that could go.',
  },
];

export const QUOTA_HOMES: Cause[] = KINDS.map(({ code, title, isOf, help }) => ({
  code,
  group: 'quota',
  title,
  looksLike: 'The volume claim is refused with "exceeded quota" before anything starts.',
  help,
  waiting: 'useless',
  find: (scene) => {
    const all = listShortages(scene);
    const own = all.filter(({ resource }) => isOf(resource));
    const [first] = own;
    if (first === undefined) return [];
    const text = tellShortage(first);
    return [
      {
        reason: 'Forbidden',
        message: `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
        evidence: [...own.map(describeShortage), ...listHomes(scene)],
        suggestions: suggest(all, scene),
        unseen: listUnseen(['the quotas', scene.around.quotas], ['the volume claims', scene.around.claims]),
      },
    ];
  },
}));

/** Homes of workspaces that nothing mounts now. */
function listHomes({ around }: Scene): string[] {
  const mounted = new Set(listSeen(around.pods).flatMap(({ claims }) => claims));
  return listSeen(around.claims)
    .filter(({ name, workspace }) => workspace !== undefined && !mounted.has(name))
    .map(({ name, workspace, requested = '?' }) => `no pod uses home ${name} of workspace ${workspace}, ${requested}`);
}

function suggest(all: Shortage[], scene: Scene): Suggestion[] {
  const again = { without: ['size'] };
  const none = { ...ws`up --storage-class none`, again, note: 'a home that is lost with the pod' };
  const homes: Suggestion[] =
    listHomes(scene).length === 0 ? [] : [{ ...ws`homes ls`, note: 'shows homes; one that nobody needs can go' }];
  const rest = [...homes, { ...kubectl`describe quota`, note: 'shows what is used' }];
  const now = findGrowing(scene);
  if (now !== undefined) return [...suggestGrowth(now, all), ...rest];
  const full = all.flatMap(({ resource }) => OF_CLASS.exec(resource)?.groups?.['name'] ?? []);
  const other = findOther(full, scene);
  // A class of its own room helps only where nothing else is short.
  if (other !== undefined && all.every(({ resource }) => OF_CLASS.test(resource)))
    return [
      { ...ws`up --storage-class ${other.name}`, note: 'this class has a quota of its own, or none' },
      none,
      ...rest,
    ];
  const left = countLeft(all);
  if (all.length > 0 && left >= LEAST_HOME)
    return [{ ...ws`up --size ${toSize(left)}`, note: 'as much as is left' }, none, ...rest];
  return [none, ...rest];
}

/** A class that most likely makes volumes, too: the default one, or one of the same provisioner. */
function findOther(full: string[], { around }: Scene): StorageClassSnapshot | undefined {
  if (full.length === 0) return undefined;
  const classes = listSeen(around.classes);
  const provisioners = classes.filter(({ name }) => full.includes(name)).map(({ provisioner }) => provisioner);
  const others = classes.filter(({ name }) => !full.includes(name));
  return (
    others.find(({ isDefault }) => isDefault) ?? others.find(({ provisioner }) => provisioners.includes(provisioner))
  );
}

/** A home that is there keeps its class, and never shrinks: it can have what is left besides. */
function suggestGrowth(now: number, all: Shortage[]): Suggestion[] {
  const size = toSize(now + countLeft(all));
  return (toNumber(size) ?? 0) > now ? [{ ...ws`up --size ${size}`, note: 'as much as is left' }] : [];
}

/** The storage that all quotas have left, in bytes. */
function countLeft(all: Shortage[]): number {
  return Math.min(...all.map(({ resource, left }) => (resource.endsWith('requests.storage') ? left : 0)));
}
