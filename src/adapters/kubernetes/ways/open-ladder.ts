import { createHash } from 'node:crypto';
import { IN_CLUSTER } from '../../../workspace/state/selectors.ts';
import type { RestClient } from '../api/rest.ts';
import { toAddressId } from '../api/trust.ts';
import type { ClusterOptions } from '../cluster-options.ts';
import type { AccessFile } from '../kubeconfig/access-file.ts';
import { Ladder } from './ladder.ts';

/** The ladder of one context and namespace. It asks nobody who the cluster is: that would cost each login a request. */
export function openLadder(rest: RestClient, access: AccessFile, { ways, onWay, ...place }: ClusterOptions): Ladder {
  return new Ladder(rest, {
    resumes: place.resumes ?? true,
    direct: place.direct,
    memory: ways,
    onWay,
    kubectl: () => {
      // It would start the plugin by itself.
      if (place.mayRunPlugin === false) return undefined;
      const { context } = access.current;
      const { environment, kubeconfig } = place;
      return { environment, kubeconfig, context: context === IN_CLUSTER ? undefined : context };
    },
    toKey: () => {
      const { context, namespace, user } = access.current;
      // Tokens change by the hour, and whose they are does not.
      const { name, username, certData, certFile, impersonateUser, impersonateGroups } = user;
      const who = [name, username, certData, certFile, impersonateUser, impersonateGroups];
      const parts = [toAddressId(access.current), context, namespace, who];
      return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
    },
  });
}
