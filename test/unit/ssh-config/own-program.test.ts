import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKubeconfigToName, findOwnProgram } from '../../../src/cli/own-program.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'ws-own-')));
  for (const folder of ['bin', 'path', 'other']) mkdirSync(path.join(root, folder));
  writeFileSync(path.join(root, 'bin/run.js'), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const find = (...folders: string[]) =>
  findOwnProgram(root, { PATH: folders.map((folder) => path.join(root, folder)).join(path.delimiter) });

describe('the words that run this ws again', () => {
  it('are ws where PATH leads to this program', () => {
    symlinkSync('../bin/run.js', path.join(root, 'path/ws'));
    expect(find('nowhere', 'path')).toEqual(['ws']);
  });

  it('name Node and the file where PATH has none, or another ws first', () => {
    const named = [process.execPath, path.join(root, 'bin/run.js')];
    expect(find('path')).toEqual(named);
    symlinkSync('../bin/run.js', path.join(root, 'path/ws'));
    writeFileSync(path.join(root, 'other/ws'), '');
    chmodSync(path.join(root, 'other/ws'), 0o755);
    expect(find('other', 'path')).toEqual(named);
    expect(findOwnProgram(root, {})).toEqual(named);
  });
});

describe('the kubeconfig to name', () => {
  it.each([
    [undefined, undefined, undefined],
    [undefined, '', undefined],
    [undefined, '/k/config', '/k/config'],
    // A list has no flag that says it.
    [undefined, `/k/config${path.delimiter}/k/other`, undefined],
    ['/flag', '/k/config', '/flag'],
    ['relative', undefined, path.resolve('relative')],
  ])('of the flag %s and KUBECONFIG %s is %s', (flag, KUBECONFIG, expected) => {
    expect(findKubeconfigToName(flag, { KUBECONFIG })).toBe(expected);
  });
});
