/** Why a kubelet took a pod off its node (pkg/kubelet/eviction/helpers.go). */

export type Eviction =
  | { kind: 'memory' | 'disk' | 'pids'; resource: string }
  | { kind: 'volume'; volume: string; limit: string }
  | { kind: 'container-storage'; limit: string }
  | { kind: 'pod-storage'; limit: string };

/** Undefined for words that are none of these. */
export function readEviction(words: string): Eviction | undefined {
  const volume =
    /Usage of EmptyDir volume "(?<volume>[-a-z0-9]{1,63})" exceeds the limit "(?<limit>[0-9.]+[A-Za-z]{0,2})"/.exec(
      words,
    )?.groups;
  if (volume !== undefined) return { kind: 'volume', volume: volume['volume'] ?? '', limit: volume['limit'] ?? '' };
  const own = /exceeded its local ephemeral storage limit "(?<limit>[0-9.]+[A-Za-z]{0,2})"/.exec(words)?.groups;
  if (own !== undefined) return { kind: 'container-storage', limit: own['limit'] ?? '' };
  const pod = /ephemeral local storage usage exceeds the total limit of containers (?<limit>[0-9.]+[A-Za-z]{0,2})/.exec(
    words,
  )?.groups;
  if (pod !== undefined) return { kind: 'pod-storage', limit: pod['limit']?.replace(/\.$/, '') ?? '' };
  const low = /The node (?:was low on resource|had condition): \[?(?<resource>[A-Za-z-]{1,40})/.exec(words)?.groups?.[
    'resource'
  ];
  if (low === undefined) return undefined;
  if (/^memory$|MemoryPressure/.test(low)) return { kind: 'memory', resource: low };
  if (/storage|inodes|DiskPressure/.test(low)) return { kind: 'disk', resource: low };
  return /^pids$|PIDPressure/.test(low) ? { kind: 'pids', resource: low } : undefined;
}
