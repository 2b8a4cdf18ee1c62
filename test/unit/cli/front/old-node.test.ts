import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Runs `ws --version` with a Node that says that it is another. */
function runAs(version: string) {
  const node = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const words = ['--import', `data:text/javascript,${node}`, 'bin/run.js', '--version'];
  return spawnSync(process.execPath, words, { encoding: 'utf8' });
}

it.each(['18.20.0', '20.20.2', '22.11.0'])('Node %s is too old, which is told in one line', (version) => {
  const { status, stdout, stderr } = runAs(version);
  const line = `✗ ws needs Node 22.12 or newer, and this is Node ${version}\n`;
  expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: '', stderr: line });
});

it.each(['22.12.0', '24.0.0', '26.1.0'])('Node %s is not', (version) => {
  expect(runAs(version).stderr).not.toContain('needs Node');
});

it('is what the package asks for', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
  expect(engines.node).toBe(`>=${/needs Node (\S+) or newer/.exec(readFileSync('bin/run.js', 'utf8'))?.[1]}`);
});
