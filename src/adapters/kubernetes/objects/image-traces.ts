/** What nodes and events say of an image. The registry is not asked: the nodes are who must reach it. */
import type { CoreV1Event, V1Node } from '@kubernetes/client-node';
import { compareTexts } from '../../../workspace/compare-texts.ts';
import { type ImageTraces, isSameImage } from '../../../workspace/image-name.ts';
import { parseImageName, parseMessage, parseObjectName, parseTime } from '../../../workspace/state/cluster-words.ts';
import { listAll } from '../api/list-all.ts';
import { listRequest, NODES_REQUEST } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { unlessForbidden } from '../api/translate.ts';

/** A node reports fifty images, so a thousand nodes are megabytes. The first pages say enough. */
const MOST_NODES = 200;
const MOST_EVENTS = 1000;

export async function readImageTraces(
  rest: RestClient,
  namespace: string,
  image: string,
  signal: AbortSignal,
): Promise<ImageTraces> {
  const pickNode = (node: V1Node) => ({
    name: parseObjectName(node.metadata?.name),
    has: (node.status?.images ?? []).some(({ names }) => (names ?? []).some((name) => isNamed(name, image))),
  });
  const [nodes, events] = await Promise.all([
    unlessForbidden(listAll(rest, NODES_REQUEST, signal, { pick: pickNode, most: MOST_NODES })),
    unlessForbidden(
      listAll<CoreV1Event, CoreV1Event>(
        rest,
        listRequest('events', namespace, { fieldSelector: 'reason=Failed,involvedObject.kind=Pod' }),
        signal,
        { pick: (event) => event, most: MOST_EVENTS },
      ),
    ),
  ]);
  return {
    nodes: nodes && {
      all: nodes.length,
      having: nodes.flatMap(({ name, has }) => (has && name !== undefined ? [name] : [])),
    },
    refusal: findRefusal(events ?? [], image),
  };
}

function isNamed(name: string, image: string): boolean {
  return parseImageName(name) !== undefined && isSameImage(name, image);
}

/** The kubelet's words (pkg/kubelet/images/image_manager.go): `Failed to pull image "NAME": …`. */
function findRefusal(events: CoreV1Event[], image: string): ImageTraces['refusal'] {
  const refusals = events.flatMap((event) => {
    const [, name = '', why = ''] = /^Failed to pull image "([^"]+)": (.*)$/s.exec(event.message ?? '') ?? [];
    const said = parseMessage(why);
    if (said === undefined || !isNamed(name, image)) return [];
    const at = parseTime(event.lastTimestamp ?? event.eventTime ?? event.metadata?.creationTimestamp);
    return [{ said, at }];
  });
  return refusals.toSorted((one, other) => compareTexts(one.at ?? '', other.at ?? '')).at(-1);
}
