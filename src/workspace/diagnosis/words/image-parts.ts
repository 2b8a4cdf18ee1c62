/** An image's name in its parts, for sentences about one of them. */
import { hasRegistryHost } from '../../image-name.ts';

export interface ImageParts {
  /** Undefined where the name says none, and a node takes its own. */
  host: string | undefined;
  repository: string;
  /** `latest` where the name says nothing. */
  tag: string;
}

export function toImageParts(image: string): ImageParts {
  const [path = '', digest] = image.split('@');
  const colon = path.lastIndexOf(':') > path.lastIndexOf('/') ? path.lastIndexOf(':') : path.length;
  const name = path.slice(0, colon);
  const slash = hasRegistryHost(name) ? name.indexOf('/') : -1;
  return {
    host: slash < 0 ? undefined : name.slice(0, slash),
    repository: name.slice(slash + 1),
    tag: digest || path.slice(colon + 1) || 'latest',
  };
}
