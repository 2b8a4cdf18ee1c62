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

/** Unit tests that replace a module, or need colours: these hold for a whole process, so each of these files gets its own. */
const ALONE = [
  'test/unit/supervisor/home/home-{cut-off,without-modes}.test.ts',
  'test/unit/cli/{asking/questions,errors/every-error,command/one-document,ssh-config/refused-user}.test.ts',
  'test/unit/report/{live-reporter,patient-reporter,asking/prompts}.test.ts',
];
/** In the whole run these have what others leave of the processors: half a second became a minute. A hang is longer. */
const PATIENT_MS = 300_000;
/** Something is made a hundred times. */
const HOURS_MS = 3 * 3600_000;
/** Each test makes what it needs. `--sequence.seed` repeats an order. */
const SHUFFLED = { sequence: { shuffle: { tests: true } } };
/** With real programs a test waits more than it computes: by the number of processors they took twice as long. */
const WAITING = { maxWorkers: 3, sequence: { ...SHUFFLED.sequence, groupOrder: 3 } };

/**
 * One project per kind of test. `unit`, `fuzz` and `chart` need nothing but the checkout (chart: helm from the toolchain),
 * `integration` real local programs (OpenSSH, Dropbear, a D-Bus), `image` the built image, `cluster`, `e2e` and `diagnosis` a
 * real cluster.
 */
function project(name: string, timeoutMs: number, order: ProjectConfig = {}) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`, `test/${name}/**/*.test.tsx`],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      // A second otherwise, which is too little on a busy machine.
      expect: { poll: { timeout: 60_000 } },
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
          ...project('unit', PATIENT_MS, SHUFFLED).test,
          include: [...project('unit', 0).test.include, 'test/architecture.test.ts'],
          exclude: ALONE,
          // Loading the same modules again for each file took two thirds of the time.
          isolate: false,
        },
      },
      { test: { ...project('unit-alone', PATIENT_MS, SHUFFLED).test, include: ALONE } },
      project('fuzz', PATIENT_MS, SHUFFLED),
      project('integration', 300_000, WAITING),
      {
        test: {
          ...project('integration-bundled', 300_000, WAITING).test,
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
      project('chart', PATIENT_MS, SHUFFLED),
      project('image', 300_000, IN_ORDER),
      project('cluster', 300_000, IN_ORDER),
      // All that takes too long for each change (scripts/long-run.sh).
      project('diagnosis', 400_000, { ...IN_ORDER, maxConcurrency: 4, sequence: { groupOrder: 2 } }),
      project('agents', HOURS_MS, { ...IN_ORDER, sequence: { groupOrder: 2 } }),
      project('clients', HOURS_MS, { ...IN_ORDER, sequence: { groupOrder: 2 } }),
      project('faults', HOURS_MS, { ...IN_ORDER, maxConcurrency: 4, sequence: { groupOrder: 2 } }),
      // Each file has a namespace and a person of its own, and waits more than it computes.
      project('e2e', 300_000, { maxWorkers: 5, sequence: { groupOrder: 1 } }),
    ],
  },
});
