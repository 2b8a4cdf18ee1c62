/**
 * Pages, typed by somebody who has nothing but them: every command of a `sh` block, in the order of its page, from the
 * installed package, in an empty home and an empty namespace under `restricted`.
 */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listShellBlocks, ROOT } from '../../unit/docs/pages.ts';
import { PLAN, PREPARE, TOGETHER, type Treatment } from './plan.ts';
import { findFreePort, pack, Reader } from './reader.ts';

/** Makes the tests of these pages, for a reader who has this Helm. */
export function typePages(pages: readonly string[], helm: 'helm' | 'helm3'): void {
  let packed: ReturnType<typeof pack> | undefined;
  beforeAll(() => {
    packed ??= pack();
  });
  afterAll(() => {
    if (packed !== undefined) rmSync(packed.folder, { recursive: true, force: true });
  });

  describe.each(pages)(`%s (${helm})`, (page) => {
    const steps = listSteps(page);
    const isRun = steps.some(({ treatment }) => !('not' in treatment));
    let reader: Reader | undefined;

    beforeAll(async () => {
      for (const { line, treatment } of steps)
        if ('not' in treatment) process.stdout.write(`${page}: not run: ${line}: ${treatment.not}\n`);
      if (!isRun || packed === undefined) return;
      reader = new Reader(packed.file, page, await findFreePort(), helm);
      const preparation = PREPARE[page] ?? '';
      if (preparation !== '') reader.prepare(preparation);
    });
    afterAll(() => reader?.[Symbol.dispose]());

    it.each(steps.filter(({ treatment }) => !('not' in treatment)))('$line', async ({ line, treatment }) => {
      if (reader === undefined || 'not' in treatment) throw new Error('the page was not opened');
      if (treatment.before !== undefined) reader.prepare(treatment.before);
      const { status, output } = await reader.type(line, treatment);
      expect(status, output).toBe(treatment.status ?? 0);
      if (treatment.after !== undefined) reader.prepare(treatment.after);
    });

    it('is read', () => expect(steps.length).toBeGreaterThan(0));
  });
}

/** The commands of a page with what becomes of each; a block whose lines need each other is one. */
function listSteps(page: string): { line: string; treatment: Treatment }[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  return listShellBlocks(text).flatMap((lines) => {
    const start = Object.keys(TOGETHER).find((words) => lines[0]?.startsWith(words));
    if (start !== undefined) return [{ line: lines.join('\n'), treatment: TOGETHER[start] ?? {} }];
    return lines.map((line) => ({ line, treatment: PLAN[line] ?? {} }));
  });
}
