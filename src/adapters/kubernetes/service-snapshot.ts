import type { V1Service } from '@kubernetes/client-node';
import { SSH_PORT_NAME } from '../../workspace/selectors.ts';
import type { WorkspaceSnapshot } from '../../workspace/snapshot.ts';

/** A release may have a second Service, for metrics alone. */
export function carriesSsh(service: V1Service): boolean {
  return findSshPort(service) !== undefined;
}

export function toService(service: V1Service): WorkspaceSnapshot['service'] {
  return {
    name: service.metadata?.name ?? '',
    type: service.spec?.type ?? 'ClusterIP',
    port: findSshPort(service) ?? 0,
  };
}

function findSshPort(service: V1Service): number | undefined {
  return service.spec?.ports?.find(({ name }) => name === SSH_PORT_NAME)?.port;
}
