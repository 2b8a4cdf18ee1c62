/** Names of images: a container runtime reports them in full, people write them short. */

/** As a container runtime completes it: with a host, `library/` where there is no folder, and a tag or a digest. */
export function toFullImageName(name: string): string {
  const [path = '', digest] = name.split('@');
  const tagAt = path.lastIndexOf(':') > path.lastIndexOf('/') ? path.lastIndexOf(':') : path.length;
  const [repository, tag] = [path.slice(0, tagAt), path.slice(tagAt + 1)];
  const full = hasRegistryHost(repository)
    ? repository
    : `docker.io/${repository.includes('/') ? '' : 'library/'}${repository}`;
  // If it has both, the digest decides.
  return digest === undefined ? `${full}:${tag || 'latest'}` : `${full}@${digest}`;
}

/** Whether its name says which registry has it. A node completes any other name to a registry of its own choice. */
export function hasRegistryHost(name: string): boolean {
  const [first = '', ...rest] = name.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
}

export function isSameImage(one: string, other: string): boolean {
  return toFullImageName(one) === toFullImageName(other);
}

/** What can be seen of an image from here, without asking its registry. */
export interface ImageTraces {
  /** How many nodes there are, and which of them report the image; undefined where nodes may not be listed. */
  nodes: { all: number; having: string[] } | undefined;
  /** The newest complaint of a node that could not pull it, while the cluster still remembers. */
  refusal: { said: string; at: string | undefined } | undefined;
}
