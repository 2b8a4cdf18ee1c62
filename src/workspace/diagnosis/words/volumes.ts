/** What controllers and kubelets say of claims and volumes, in their events. */

/**
 * The class that a claim names and that is not there (pkg/controller/volume/persistentvolume, findProvisionablePlugin).
 */
export function findMissingClass(words: string): string | undefined {
  return /storageclass\.storage\.k8s\.io "(?<name>[-a-z0-9.]{1,253})" not found/.exec(words)?.groups?.['name'];
}

export interface AttachFault {
  /** Pods of the same namespace that have the volume. */
  pods: string[];
  /** Another node has it, and nobody says for which pod. */
  isOnOtherNode: boolean;
}

/** pkg/controller/volume/attachdetach/reconciler: undefined for another failure. */
export function readAttachFault(words: string): AttachFault | undefined {
  if (!/Multi-Attach error|already exclusively attached|is already used by/.test(words)) return undefined;
  const list = /already used by pod\(s\) (?<pods>[-a-z0-9., ]{1,2000})/.exec(words)?.groups?.['pods'];
  const pods = (list ?? '').split(/(?:,| and) /).map((name) => /^[-a-z0-9.]+$/.exec(name.trim())?.[0]);
  return {
    pods: pods.filter((name) => name !== undefined),
    isOnOtherNode: /already exclusively attached/.test(words),
  };
}

/** The volume of `MountVolume.SetUp failed for volume "home" : …`, and the sentence behind it. */
export function readMountFault(words: string): { volume: string | undefined; why: string } {
  const { volume, why } =
    /^[\w. ]{1,80} failed(?: for volume "(?<volume>[^"]{1,253})")? ?: (?<why>[\s\S]+)$/.exec(words)?.groups ?? {};
  return { volume, why: (why ?? words).replace(/^rpc error: code = \w+ desc = /, '').trim() };
}

/** Root is nobody on the volume's server, and may not give the files to the group. */
export function isSquashed(words: string): boolean {
  return /(?:applyFSGroup|chown|chmod|SetVolumeOwnership)[\s\S]{0,400}(?:operation not permitted|permission denied)/i.test(
    words,
  );
}
