/** The node cannot get the image: which part of its name, or of the way there, is wrong. */
import { advice, kubectl, type Suggestion } from '../../../errors/suggestion.ts';
import type { Cause, Waiting } from '../../cause.ts';
import { listUnseen, type Scene } from '../../scene.ts';
import type { PullFault } from '../../words/pull.ts';
import { isForSecret } from './local.ts';
import { findUnpulled, suggestImage, type Unpulled } from './unpulled.ts';

interface Kind {
  code: string;
  title: string;
  looksLike: string;
  help: string;
  waiting?: Waiting;
  tell(unpulled: Unpulled): string;
  suggest?(unpulled: Unpulled, scene: Scene): Suggestion[];
}

const registryOf = ({ parts: { host } }: Unpulled) =>
  host === undefined ? "the node's own registry, since its name says none" : `registry ${host}`;

const KINDS: Record<PullFault, Kind> = {
  host: {
    code: 'IMAGE_HOST',
    title: "The registry's name is not known",
    looksLike: 'The image cannot be pulled: "no such host".',
    help: 'Check the host in the name of the image. If it is right, the nodes need a DNS that knows it.',
    tell: ({ image, parts: { host } }) =>
      `The nodes find no host ${host ?? 'of their own registry'}, which image ${image} is to come from`,
  },
  unreachable: {
    code: 'IMAGE_UNREACHABLE',
    title: 'The registry does not answer the nodes',
    looksLike: 'The image cannot be pulled: "i/o timeout", "connection refused" or the like.',
    help: 'Wait until the registry is back, or see whether the nodes may reach it.',
    waiting: 'helps',
    tell: (unpulled) => `The nodes do not reach ${registryOf(unpulled)} for image ${unpulled.image}`,
  },
  untrusted: {
    code: 'IMAGE_UNTRUSTED',
    title: 'The nodes do not trust the registry',
    looksLike: 'The image cannot be pulled: "x509: …" or "server gave HTTP response to HTTPS client".',
    help: "The nodes' container runtime has to know the registry's authority, or that it has no TLS.",
    tell: (unpulled) => `The nodes do not trust ${registryOf(unpulled)}, which image ${unpulled.image} is to come from`,
  },
  denied: {
    code: 'IMAGE_DENIED',
    title: 'The registry does not give the image to the nodes',
    looksLike: 'The image cannot be pulled: "401 Unauthorized", "403 Forbidden" or "denied".',
    help: 'Make a pull secret (`kubectl create secret docker-registry`), and name it in `imagePullSecrets` in a values file.',
    tell: (unpulled) => `${capitalize(registryOf(unpulled))} does not let the nodes have ${unpulled.parts.repository}`,
    suggest: ({ parts: { host = 'docker.io' } }) => [
      {
        ...kubectl`create secret docker-registry registry --docker-server ${host} --docker-username USER --docker-password PASSWORD`,
        note: 'then name it in imagePullSecrets in a values file',
      },
    ],
  },
  repository: {
    code: 'IMAGE_REPOSITORY',
    title: 'The registry has no such repository',
    looksLike: 'The image cannot be pulled: "repository does not exist" or "name unknown".',
    help: 'Check the name of the image, or load it into the nodes, if it is in no registry.',
    tell: (unpulled) =>
      `${capitalize(registryOf(unpulled))} has no repository ${unpulled.parts.repository}, or does not show it to the nodes`,
  },
  tag: {
    code: 'IMAGE_TAG',
    title: 'The registry does not have this tag',
    looksLike: 'The image cannot be pulled: "not found" or "manifest unknown".',
    help: "Check tag and repository of the image, or push it. Without a tag, `--image` means the tag of `ws`'s own version, not `latest`.",
    tell: (unpulled) =>
      `${capitalize(registryOf(unpulled))} has no ${unpulled.parts.tag} of ${unpulled.parts.repository}`,
  },
  platform: {
    code: 'IMAGE_PLATFORM',
    title: "The image is not made for the nodes' kind of machine",
    looksLike: 'The image cannot be pulled: "no match for platform in manifest".',
    help: 'Build the image for the platform of the nodes, or choose a node of another one with `--node-selector`.',
    tell: ({ image, parts }) => `Image ${image} is there, but not for the platform of the node (tag ${parts.tag})`,
  },
  'no-space': {
    code: 'IMAGE_NO_SPACE',
    title: "The node's disk has no room for the image",
    looksLike: 'The image cannot be pulled: "no space left on device".',
    help: 'Wait until the node has cleaned up, or choose another node.',
    waiting: 'helps',
    tell: ({ image, snapshot }) => `The disk of node ${snapshot.pod?.node ?? ''} has no room for image ${image}`,
  },
  busy: {
    code: 'IMAGE_BUSY',
    title: 'The registry gives the nodes no more for now',
    looksLike: 'The image cannot be pulled: "429 Too Many Requests" or "toomanyrequests".',
    help: 'Wait, or log the nodes in to the registry with a pull secret.',
    waiting: 'helps',
    tell: (unpulled) => `${capitalize(registryOf(unpulled))} has given the nodes too much already, and lets them wait`,
  },
};

export const PULL: Cause[] = (Object.keys(KINDS) as PullFault[]).map((fault) => {
  const { code, title, looksLike, help, waiting = 'useless', tell, suggest } = KINDS[fault];
  return {
    ...{ code, title, looksLike, help, waiting, group: 'image' },
    find: (scene) => {
      const unpulled = findUnpulled(scene);
      if (unpulled === undefined || unpulled.fault !== fault) return [];
      // Without it the registry says no to what it would give.
      if (isForSecret(scene)) return [];
      if (isUnpublished(unpulled)) return [];
      return [
        {
          reason: unpulled.reason,
          message: `The image ${unpulled.image} cannot be pulled. ${tell(unpulled)}`,
          evidence: [`Node: ${unpulled.said}`, ...listPlatforms(fault, unpulled, scene)],
          suggestions: [...(suggest?.(unpulled, scene) ?? []), suggestImage(scene, unpulled.image)],
          unseen: listUnseen(['which images the nodes have', scene.around.nodes]),
        },
      ];
    },
  };
});

function listPlatforms(fault: PullFault, { snapshot }: Unpulled, { around }: Scene): string[] {
  if (fault !== 'platform' || around.nodes.kind !== 'seen') return [];
  return around.nodes.items
    .filter(({ name }) => name === snapshot.pod?.node)
    .map(({ name, platform = 'not known' }) => `${name}: ${platform}`);
}

/**
 * Its name says no registry, and the nodes' own does not have it, or is not reached: then a node must have the image.
 */
function isUnpublished({ parts, fault }: Unpulled): boolean {
  return parts.host === undefined && /^(?:host|unreachable|repository)$/.test(fault ?? '');
}

export const UNPUBLISHED: Cause = {
  code: 'IMAGE_UNPUBLISHED',
  group: 'image',
  title: 'No node has the image, and its name says no registry',
  looksLike: 'The image cannot be pulled from docker.io, where a node looks for a name without a registry.',
  help: 'Load the image into the nodes, or push it to a registry and name it with that: `ws up dev --image HOST/NAME:TAG`.',
  waiting: 'useless',
  find: (scene) => {
    const unpulled = findUnpulled(scene);
    if (unpulled === undefined || !isUnpublished(unpulled) || isForSecret(scene)) return [];
    const { reason, image, said } = unpulled;
    return [
      {
        reason,
        message: `The image ${image} cannot be pulled: node ${unpulled.snapshot.pod?.node ?? ''} does not have it, and its name says no registry, so the node looks for it at its own, docker.io`,
        evidence: [`Node: ${said}`],
        suggestions: [
          suggestImage(scene, image),
          advice('Load the image into the nodes, or push it to a registry that they reach'),
        ],
        unseen: listUnseen(['which images the nodes have', scene.around.nodes]),
      },
    ];
  },
};

/** Other words of the same kubelet's reasons. */
export const UNPULLED: Cause = {
  code: 'IMAGE_UNPULLED',
  group: 'image',
  title: 'The image cannot be pulled, for a reason that `ws` does not know',
  looksLike: 'The pod waits with ErrImagePull or ImagePullBackOff.',
  help: "The node's own sentence says why. Or choose another image with `--image`.",
  waiting: 'helps',
  find: (scene) => {
    const unpulled = findUnpulled(scene);
    if (unpulled === undefined || unpulled.fault !== undefined) return [];
    return [
      {
        reason: unpulled.reason,
        message: `The image ${unpulled.image} cannot be pulled: ${unpulled.said}`,
        evidence: [],
        suggestions: [suggestImage(scene, unpulled.image), advice('Or see whether the nodes reach its registry')],
        unseen: [],
      },
    ];
  },
};

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
