/**
 * What the pod's start does with a home, or with its runtime folder, under the user that the test runs it as: reads a
 * path a line, as JSON, and answers each with a line of JSON. Usage: hostile-program home SKELETON | runtime HOST-KEY
 */
import { accessSync, constants, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DROPBEAR_KEY_NAME, installHostKey } from '../../../src/supervisor/dropbear/host-key.ts';
import { prepareHome } from '../../../src/supervisor/home/prepare-home.ts';
import { RuntimeFolder } from '../../../src/supervisor/runtime/runtime-folder.ts';

const [, , mode = '', source = ''] = process.argv;

async function start(folder: string): Promise<object> {
  if (mode === 'home') return { report: await prepareHome(folder, source, 20_000), fault: isHome(folder) };
  const runtime = new RuntimeFolder(folder);
  await runtime.find('starts');
  await runtime.place('starts', '1', 0o644, true).catch(() => undefined);
  await installHostKey(source, runtime, true);
  return { isKey: readFileSync(runtime.pathOf(DROPBEAR_KEY_NAME)).includes('ssh-ed25519') };
}

for await (const line of createInterface({ input: process.stdin })) {
  const startedAtMs = performance.now();
  const outcome = await start(JSON.parse(line) as string).catch((error: Error) => ({ refusal: error.message }));
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
