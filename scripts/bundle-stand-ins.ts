/** What the supervisor leaves out of its metrics' package. A file of its own because the image's build needs it. */
import type { Plugin } from 'esbuild';

/**
 * Counters, gauges and their registry: neither the metrics of Node, nor the pushing of metrics, nor clusters of processes,
 * which load Node's HTTPS client, its compression and its profiler: a sixth of the supervisor's start.
 */
export const METRICS_ALONE: Plugin = {
  name: 'metrics-alone',
  setup(builder) {
    builder.onResolve({ filter: /^prom-client$/ }, ({ path: name, resolveDir }) => ({
      path: name,
      namespace: 'metrics-alone',
      pluginData: resolveDir,
    }));
    builder.onLoad({ filter: /.*/, namespace: 'metrics-alone' }, ({ pluginData }) => ({
      resolveDir: pluginData as string,
      contents: ['counter', 'gauge', 'registry']
        .map((name) => `exports.${name[0]?.toUpperCase()}${name.slice(1)} = require('prom-client/lib/${name}.js');`)
        .join('\n'),
    }));
  },
};
