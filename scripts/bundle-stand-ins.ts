/** Modules that stand for a whole package. A file of its own because the image's build needs it, and none of the other plugins. */
import type { Plugin } from 'esbuild';

/** What is imported as `name` is `contents` instead, which may import from where the package is. */
export function standIn(name: string, contents: string): Plugin {
  const namespace = `stand-in-${name}`;
  return {
    name: namespace,
    setup(builder) {
      builder.onResolve({ filter: new RegExp(`^${name}$`) }, ({ resolveDir }) => ({
        path: name,
        namespace,
        pluginData: resolveDir,
      }));
      builder.onLoad({ filter: /.*/, namespace }, ({ pluginData }) => ({ resolveDir: pluginData as string, contents }));
    },
  };
}

/**
 * Counters, gauges and their registry: neither the metrics of Node, nor the pushing of metrics, nor clusters of processes,
 * which load Node's HTTPS client, its compression and its profiler: a sixth of the supervisor's start.
 */
export const METRICS_ALONE = standIn(
  'prom-client',
  ['Counter', 'Gauge', 'Registry']
    .map((name) => `exports.${name} = require('prom-client/lib/${name.toLowerCase()}.js');`)
    .join('\n'),
);
