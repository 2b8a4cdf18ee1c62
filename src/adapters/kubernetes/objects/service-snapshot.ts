import type { V1Service } from '@kubernetes/client-node';
import { getObjectName, parsePortNumber, parseReason } from '../../../workspace/state/cluster-words.ts';
import { SSH_PORT_NAME } from '../../../workspace/state/selectors.ts';
import type { WorkspaceSnapshot } from '../../../workspace/state/snapshot.ts';

/** A release may have a second Service, for metrics alone. */
export function carriesSsh(service: V1Service): boolean {
  return findSshPort(service) !== undefined;
}

export function toService(service: V1Service): WorkspaceSnapshot['service'] {
  return {
    name: getObjectName(service),
    type: parseReason(service.spec?.type) ?? 'ClusterIP',
    port: parsePortNumber(findSshPort(service)) ?? 0,
  };
}

function findSshPort(service: V1Service): number | undefined {
  return service.spec?.ports?.find(({ name }) => name === SSH_PORT_NAME)?.port;
}
