import { type HomeChoice, toHomeChoice } from '../../workspace/choices/home-choice.ts';
import type { Amounts } from '../../workspace/state/cluster-pods.ts';
import { WORKSPACE_CONTAINER } from '../../workspace/state/selectors.ts';
import { findAmounts } from '../release/judge-change.ts';
import type { Settled } from './settle.ts';

/** What a new workspace would be, as far as people choose it. What nobody says is absent. */
export interface NewWorkspace {
  user: string | undefined;
  uid: number | undefined;
  home: NewHome;
  /** The private key file to log in with. */
  identity: string | undefined;
  image: string | undefined;
  /** Limits. */
  cpu: string | undefined;
  memory: string | undefined;
}

export interface NewHome {
  /** `kept`: the claim that the workspace had before. */
  kind: 'emptyDir' | 'new' | 'kept' | 'existing';
  claim?: string;
  size?: string | undefined;
  /** Undefined for the cluster's default. */
  storageClass?: string | undefined;
  subPath?: string | undefined;
}

interface Template {
  spec?: { containers?: { name?: string; image?: string; resources?: Amounts }[] };
}

/** From the choices, and from the pod template that Helm makes of them, of the users' files and of the chart. */
export function describeNew({
  release,
  settled: { choices, found, identityPath },
  template,
}: {
  release: string;
  settled: Pick<Settled, 'choices' | 'found' | 'identityPath'>;
  template: Template | undefined;
}): NewWorkspace {
  const container = template?.spec?.containers?.find(({ name }) => name === WORKSPACE_CONTAINER);
  const { cpu, memory } = findAmounts(template)?.limits ?? {};
  const kept = found?.home.kind === 'claim' ? found.home.claim : undefined;
  const home = toNewHome(toHomeChoice(choices) ?? { kind: 'emptyDir' }, kept?.name, `${release}-home`);
  const { subPath } = choices;
  return {
    user: choices.user,
    uid: choices.uid,
    home: home.kind === 'emptyDir' ? home : { ...home, subPath },
    identity: identityPath ?? choices.identity,
    image: container?.image,
    cpu,
    memory,
  };
}

function toNewHome(home: HomeChoice, kept: string | undefined, own: string): NewHome {
  switch (home.kind) {
    case 'emptyDir':
      return { kind: 'emptyDir' };
    case 'existing-claim':
      return { kind: 'existing', claim: home.name };
    case 'claim': {
      const { size, storageClass } = home;
      return { kind: kept === undefined ? 'new' : 'kept', claim: kept ?? own, size, storageClass };
    }
  }
}
