import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listAnchors, listTargets, type Page, ROOT, readPages } from './pages.ts';

function findFault(page: Page, target: string): string | undefined {
  const [file = '', anchor] = target.split('#');
  const place = file === '' ? page.file : path.join(path.dirname(page.file), file);
  if (!existsSync(path.join(ROOT, place))) return `${target}: there is no ${place}`;
  if (anchor === undefined) return undefined;
  const anchors = listAnchors(readFileSync(path.join(ROOT, place), 'utf8'));
  return anchors.includes(anchor) ? undefined : `${target}: ${place} has no such heading`;
}

describe('links', () => {
  it.each(readPages())('of $file lead to files and headings that are there', (page) => {
    expect(listTargets(page).flatMap((target) => findFault(page, target) ?? [])).toEqual([]);
  });

  it('show every picture that was drawn', () => {
    const shown = new Set(readPages().flatMap((page) => listTargets(page).map((target) => path.basename(target))));
    const drawn = readdirSync(path.join(ROOT, 'docs/screens'));
    expect(drawn.length).toBeGreaterThan(5);
    expect(drawn.filter((name) => !shown.has(name))).toEqual([]);
  });
});
