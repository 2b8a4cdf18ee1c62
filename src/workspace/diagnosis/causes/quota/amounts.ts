/** A quota of the namespace has no room for the pod. */
import { advice, kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { Amounts } from '../../../state/cluster-pods.ts';
import type { Cause } from '../../cause.ts';
import { findRefusal, findWants } from '../../parts.ts';
import { listSeen, listUnseen, type Scene } from '../../scene.ts';
import { toNumber } from '../../words/quantity.ts';
import { readQuotaDemand } from '../../words/refusals.ts';
import { findFitting } from './fitting.ts';
import { describeShortage, listShortages, type Shortage, tellShortage } from './shortages.ts';

interface Kind {
  code: string;
  what: string;
  isOf: RegExp;
  help: string;
}

const KINDS: Kind[] = [
  {
    code: 'QUOTA_CPU',
    what: 'CPU',
    isOf: /^(?:requests\.|limits\.)?cpu$/,
    help: 'Ask for as much as is left: `ws up dev --cpu 500m`. Or end what nobody needs.',
  },
  {
    code: 'QUOTA_MEMORY',
    what: 'memory',
    isOf: /^(?:requests\.|limits\.)?memory$/,
    help: 'Ask for as much as is left: `ws up dev --memory 1Gi`. Or end what nobody needs.',
  },
  {
    code: 'QUOTA_TEMPORARY',
    what: 'temporary storage',
    isOf: /^(?:requests\.|limits\.)?ephemeral-storage$/,
    help: 'Ask for less with `resources` in a values file.',
  },
  {
    code: 'QUOTA_PODS',
    what: 'pods',
    isOf: /^(?:count\/)?pods$/,
    help: 'End a pod that nobody needs: `ws ls`, `kubectl get pods`.',
  },
];

export const QUOTA_AMOUNTS: Cause[] = KINDS.map((kind) => ({
  code: kind.code,
  group: 'quota',
  title: `The quota of the namespace has too ${kind.code === 'QUOTA_PODS' ? 'few' : 'little'} ${kind.what} left`,
  looksLike: 'No pod is made; `kubectl describe replicaset` says "exceeded quota".',
  help: kind.help,
  waiting: 'useless',
  find: (scene) => {
    const all = listShortages(scene);
    const own = all.filter(({ resource }) => kind.isOf.test(resource));
    const [first] = own;
    if (first === undefined) return [];
    return [
      {
        reason: 'FailedCreate',
        message: capitalize(tellShortage(first)),
        evidence: own.map(describeShortage),
        suggestions: suggest(kind, all, scene),
        unseen: listUnseen(['the quotas', scene.around.quotas]),
        ...(first.isNext === true ? { isNext: true } : {}),
      },
    ];
  },
}));

function suggest({ code, what }: Kind, all: Shortage[], scene: Scene): Suggestion[] {
  const quotas = { ...kubectl`describe quota`, note: 'shows what is used' };
  if (code === 'QUOTA_PODS')
    return [...listIdle(scene), { ...kubectl`get pods`, note: 'shows which could go' }, quotas];
  if (scene.change !== undefined && !isMoreThanNow(all, scene.change.from))
    return [quotas, advice(`No more ${what} is left than the workspace has: end something, or ask for a larger quota`)];
  const fitting = findFitting(all, findWants(scene));
  if (fitting !== undefined) return [fitting, quotas];
  if (code === 'QUOTA_TEMPORARY')
    return [advice('Ask for less by resources.requests.ephemeral-storage and its limit in a values file'), quotas];
  return [
    quotas,
    advice(`What is left of ${what} is too little for a workspace: end something, or ask for a larger quota`),
  ];
}

/** Whether what is left of all that is short is more than the pod that runs may have. */
function isMoreThanNow(all: Shortage[], { limits = {} }: Amounts): boolean {
  return all.every(({ resource, left }) => left > (toNumber(limits[resource.replace(/^.*\./, '')]) ?? 0));
}

/** Other workspaces, whose pods count. */
function listIdle({ around, snapshot }: Scene): Suggestion[] {
  const others = listSeen(around.pods).filter(
    ({ workspace, hasEnded }) => workspace !== undefined && workspace !== snapshot?.name && !hasEnded,
  );
  return others.length === 0 ? [] : [{ ...ws`ls`, note: 'shows the workspaces, whose pods count as well' }];
}

export const QUOTA_OBJECTS: Cause = {
  code: 'QUOTA_OBJECTS',
  group: 'quota',
  title: 'The quota allows no more objects of a kind that a workspace needs',
  looksLike: 'A Secret, a Service or a Deployment is refused with "exceeded quota" before anything starts.',
  help: 'Remove what nobody needs, such as another workspace, or ask for a larger quota.',
  waiting: 'useless',
  find: (scene) => {
    const own = listShortages(scene).filter(({ resource }) => !OF_OTHERS.test(resource));
    const [first] = own;
    if (first === undefined) return [];
    return [
      {
        reason: 'Forbidden',
        message: capitalize(tellShortage(first)),
        evidence: own.map(describeShortage),
        suggestions: [
          { ...kubectl`describe quota`, note: 'shows what is used' },
          { ...ws`ls`, note: 'shows the workspaces; one that nobody needs can go' },
        ],
        unseen: listUnseen(['the quotas', scene.around.quotas]),
      },
    ];
  },
};

/** What the other causes are about. */
const OF_OTHERS =
  /^(?:(?:requests\.|limits\.)?(?:cpu|memory|ephemeral-storage)|(?:count\/)?(?:pods|persistentvolumeclaims)|requests\.storage)$|storageclass/;

export const QUOTA_DEMAND: Cause = {
  code: 'QUOTA_DEMAND',
  group: 'quota',
  title: 'The quota wants each pod to say how much it may use',
  looksLike: 'No pod is made; `kubectl describe replicaset` says "failed quota" and "must specify".',
  help: 'Leave `resources` as the chart has them, or set them with `--cpu` and `--memory`.',
  waiting: 'useless',
  find: (scene) => {
    const words = findRefusal(scene);
    const demand = words === undefined ? undefined : readQuotaDemand(words);
    if (demand === undefined) return [];
    const { quota, resources } = demand;
    const [wantsCpu, wantsMemory] = [resources.includes('limits.cpu'), resources.includes('limits.memory')];
    const note = 'or leave resources as the chart has them';
    const values = advice(`Set ${resources.join(', ')} below resources in a values file`);
    const command = wantsCpu
      ? wantsMemory
        ? { ...ws`up --cpu 2 --memory 4Gi`, note }
        : { ...ws`up --cpu 2`, note }
      : { ...ws`up --memory 4Gi`, note };
    return [
      {
        reason: 'FailedCreate',
        message: `Quota ${quota} wants the workspace to say how much it may use: ${resources.join(', ')}`,
        evidence: words === undefined ? [] : [words],
        suggestions: wantsCpu || wantsMemory ? [command, values] : [values],
        unseen: [],
      },
    ];
  },
};

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
