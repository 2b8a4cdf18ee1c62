import { describe, expect, it } from 'vitest';
import { Findings } from '../../../../src/report/findings.ts';
import { advice } from '../../../../src/workspace/errors/suggestion.ts';
import { spellHere } from '../../../spelling.ts';

const good = (group: string, check: string, detail = 'there') =>
  ({ group, check, detail, verdict: 'good', suggestion: undefined }) as const;
const bad = {
  group: 'Rights',
  check: 'permissions',
  verdict: 'bad',
  detail: 'none',
  suggestion: advice('Ask'),
} as const;

/** The longest names of groups and checks, and a short one. */
const GROUPS = [
  ['SSH configuration', 'ssh hosts'],
  ['Storage', 'storage classes'],
  ['Quota', 'head-room'],
] as const;

function show(isWhole: boolean, ...all: (ReturnType<typeof good> | typeof bad)[]): string {
  const findings = new Findings<(typeof all)[number]>({ width: 60, color: false, spell: spellHere }, isWhole);
  return [...all.flatMap((finding) => findings.add(finding)), ...findings.end()].join('\n');
}

describe('what ws doctor found', () => {
  const found = [
    good('Cluster', 'kubeconfig', 'x'.repeat(70)),
    good('Cluster', 'cluster'),
    good('Rights', 'role'),
    bad,
  ];

  it('fits a terminal: what is well of a group in one line, and what is wrong in full, with a count at the end', () => {
    expect(show(false, ...found)).toBe(`\
✓ Cluster            ${'x'.repeat(38)}…
  Rights
✗ permissions        none
                     Ask
✓ well               role

1 thing is wrong (✗).`);
  });

  it('says so where all is well', () => {
    expect(show(false, good('Quota', 'head-room'))).toBe(
      '✓ Quota              there\n\nAll is well. --all shows each check.',
    );
  });

  it.each(GROUPS)('has its labels and details in the same columns for each group: %s', (group, check) => {
    const shown = [
      show(false, good(group, check, 'DETAIL')),
      show(false, { ...bad, group, check, detail: 'DETAIL' } as never),
      show(true, good(group, check, 'DETAIL')),
    ].map((text) => text.split('\n'));
    const labels = shown.flatMap((lines) => lines.filter((line) => line.includes('DETAIL') || line === `  ${group}`));
    expect(labels.length).toBe(4);
    for (const line of labels) expect(line).toMatch(/^(?:[✓✗] \S.{16} {2}DETAIL| {2}\S.*)$/u);
  });

  it('is whole for a pipe', () => {
    const marks = show(true, ...found).match(/^(?:[✓✗] \w+|[A-Z]\w+)/gm);
    expect(marks).toEqual(['Cluster', '✓ kubeconfig', '✓ cluster', 'Rights', '✓ role', '✗ permissions']);
  });
});
