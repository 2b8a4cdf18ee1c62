import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeOldNode } from '../../../../src/cli/front/old-node.ts';

it.each([
  ['20.20.2', 'Note: Node 20.20.2 is older than ws is made for, which is 22.12 and newer'],
  ['22.11.0', 'Note: Node 22.11.0 is older than ws is made for, which is 22.12 and newer'],
  ['22.12.0', undefined],
  ['26.1.0', undefined],
])('Node %s', (version, note) => {
  expect(describeOldNode(version)).toBe(note);
});

it('is what the package asks for', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
  expect(engines.node).toBe(`>=${/is (\S+) and newer/.exec(describeOldNode('1.0.0') ?? '')?.[1]}`);
});

it('a Node in which nothing can run is told in one line', () => {
  const without = 'data:text/javascript,delete process.getBuiltinModule';
  const { status, stderr } = spawnSync(process.execPath, ['--import', without, 'bin/run.js'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([3, `✗ ws needs Node 22.12 or newer, and this is Node ${process.versions.node}\n`]);
});
