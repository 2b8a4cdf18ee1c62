import { defineConfig } from 'vitest/config';

/**
 * One project per kind of test. `unit` and `chart` need nothing but the checkout (chart: helm from the toolchain),
 * `integration` real local programs (OpenSSH, Dropbear, a D-Bus), `image` the built image, `cluster` and `e2e` a real cluster.
 */
function project(name: string, timeoutMs: number, inOrder = false) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`, `test/${name}/**/*.test.tsx`],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      fileParallelism: !inOrder,
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...project('unit', 15_000).test,
          include: [...project('unit', 0).test.include, 'test/architecture.test.ts'],
        },
      },
      project('integration', 60_000),
      project('chart', 120_000),
      project('image', 300_000, true),
      project('cluster', 300_000, true),
      project('e2e', 300_000, true),
    ],
  },
});
