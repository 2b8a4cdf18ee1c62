/**
 * What the pod's start does with a home, under the user that the test runs it as: reads lines `HOME`, answers each with a
 * line of JSON. Usage: hostile-program SKELETON
 */
import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { prepareHome } from '../../../src/supervisor/home/prepare-home.ts';

const skeleton = process.argv[2] ?? '';

for await (const line of createInterface({ input: process.stdin })) {
  const home = JSON.parse(line) as string;
  const startedAtMs = performance.now();
  const outcome = await prepareHome(home, skeleton, 20_000).then(
    (report) => ({ report, fault: isHome(home) }),
    (error: Error) => ({ refusal: error.message }),
  );
  const tookMs = performance.now() - startedAtMs;
  process.stdout.write(`${JSON.stringify({ ...outcome, tookMs, rssBytes: process.memoryUsage.rss() })}\n`);
}

/** Why nobody could work there, undefined if somebody can. */
function isHome(home: string): string | undefined {
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    const file = `${home}/.proof`;
    writeFileSync(file, '');
    rmSync(file);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
