import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type ProjectConfig, type TestSpecification } from 'vitest/node';
import { BUNDLED } from './test/integration/bundled/folders.ts';

const IN_ORDER = { fileParallelism: false };

/** Files that wait the longest (for Helm's patience, for pods that go): begun first, or the others would be done long before them. */
const LONGEST = [
  ...['first', 'daily', 'operators', 'reference'].map((pages) => `e2e/documents/${pages}`),
  ...['e2e/releases', 'e2e/app/sessions/terminal', 'e2e/operator/storage', 'e2e/operator/workspace'],
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((name) => moduleId.endsWith(`${name}.test.ts`));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * One project per kind of test. `unit`, `fuzz` and `chart` need nothing but the checkout (chart: helm from the toolchain),
 * `integration` real local programs (OpenSSH, Dropbear, a D-Bus), `image` the built image, `cluster` and `e2e` a real cluster.
 */
function project(name: string, timeoutMs: number, order: ProjectConfig = {}) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`, `test/${name}/**/*.test.tsx`],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      ...order,
    },
  };
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...project('unit', 15_000).test,
          include: [...project('unit', 0).test.include, 'test/architecture.test.ts'],
          // Each test makes what it needs. `--sequence.seed` repeats an order.
          sequence: { shuffle: { tests: true } },
        },
      },
      project('fuzz', 60_000),
      project('integration', 60_000),
      {
        test: {
          ...project('integration-bundled', 60_000).test,
          // What other people's packages do that are changed on their way into the bundle (scripts/bundle/patches.ts).
          include: [
            'test/integration/ssh/{connect,forwards,sessions,session-table,shell}.test.ts',
            'test/integration/kubernetes/pod-stream.test.ts',
          ],
          globalSetup: 'test/integration/bundled/build.ts',
          alias: [{ find: /^(?:\.\.\/)+src\/(.*)\.tsx?$/, replacement: `${BUNDLED}/$1.js` }],
          server: { deps: { external: [/[\\/]\.ws[\\/]bundled[\\/]/] } },
          env: { NODE_OPTIONS: `--import ${pathToFileURL(path.resolve('test/integration/bundled/resolve.ts'))}` },
        },
      },
      project('chart', 120_000),
      project('image', 300_000, IN_ORDER),
      project('cluster', 300_000, IN_ORDER),
      // Each file has a namespace and a person of its own, and waits more than it computes.
      project('e2e', 300_000, { maxWorkers: 5, sequence: { groupOrder: 1 } }),
    ],
  },
});
