/** `ws doctor --bundle FILE`: shows what it has, then writes it. */
import { writeFile } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import path from 'node:path';
import { type BundleParts, collectBundle, listBundleParts } from '../../operations/doctor/bundle.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { run, ws } from '../../workspace/errors/suggestion.ts';

/**
 * Tells line by line what is in it, and writes a file that only its owner may read. Throws `LOCAL_FILE_FAILED`, also
 * for a file that is there already.
 */
export async function writeBundle(
  file: string,
  { version, ...parts }: Omit<BundleParts, 'program'> & { version: string },
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const program = { ws: version, node: process.version, [platform()]: release(), machine: arch() };
  const bundle = await collectBundle({ ...parts, program }, signal);
  const whole = path.resolve(file);
  tell(`\n${whole} gets:`);
  for (const part of listBundleParts(bundle)) tell(`  ${part}`);
  try {
    await writeFile(whole, `${JSON.stringify(bundle, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw failure('LOCAL_FILE_FAILED', {
      message: `The bundle ${whole} was not written`,
      reason: toReason(cause, 'file'),
      suggestions: [run('ls')`-l ${whole}`, ws`doctor --bundle OTHER-FILE`],
      cause,
    });
  }
  tell(`Written. Read it before you give it away.`);
}
