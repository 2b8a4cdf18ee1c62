import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountHome } from '../../../src/cli/terminal/machine.ts';
import { findKubeconfigToName, findLauncher, findOwnProgram } from '../../../src/cli/terminal/own-program.ts';

let root: string;
let file: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'ws-own-')));
  for (const folder of ['bin', 'path', 'other', 'node']) mkdirSync(path.join(root, folder));
  file = path.join(root, 'bin/run.js');
  writeFileSync(file, '');
  chmodSync(file, 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (...folders: string[]) => folders.map((folder) => path.join(root, folder)).join(path.delimiter);
const find = (PATH: string | undefined) => findLauncher(root, { PATH }, '/c').pairs;

describe('what runs this ws again', () => {
  it('is Node and the file where PATH has neither, or others', () => {
    const named = [{ node: process.execPath, file }];
    writeFileSync(path.join(root, 'other/ws'), '');
    writeFileSync(path.join(root, 'other/node'), '');
    symlinkSync('../bin/run.js', path.join(root, 'path/ws'));
    for (const PATH of [undefined, '', at('nowhere'), at('other'), 'path:.:']) expect(find(PATH)).toEqual(named);
    expect(findOwnProgram(root)).toEqual([process.execPath, file]);
  });

  it('is first of all what stays right after an update: the links of PATH, wherever they stand in it', () => {
    symlinkSync('../bin/run.js', path.join(root, 'path/ws'));
    symlinkSync(process.execPath, path.join(root, 'node/node'));
    writeFileSync(path.join(root, 'other/ws'), '');
    const [link, ws] = [path.join(root, 'node/node'), path.join(root, 'path/ws')];
    expect(find(at('other', 'node', 'path'))).toEqual([
      { node: link, file: ws },
      { node: process.execPath, file: ws },
      { node: link, file },
      { node: process.execPath, file },
    ]);
  });

  it('remembers the folders of PATH once each, and none that is relative', () => {
    const PATH = ['/b', 'relative', '', '/a b', '/b', '.'].join(path.delimiter);
    expect(findLauncher(root, { PATH }, '/c').folders).toEqual(['/b', '/a b']);
  });
});

describe('the kubeconfig to name', () => {
  const both = ['/k/config', '/k/other'].join(path.delimiter);
  it.each<[string | undefined, string | undefined, string | undefined, boolean]>([
    [undefined, undefined, undefined, false],
    [undefined, '', undefined, false],
    [undefined, path.delimiter, undefined, false],
    [undefined, '/k/config', '/k/config', false],
    [undefined, `${path.delimiter}/k/config${path.delimiter}`, '/k/config', false],
    [undefined, both, both, true],
    [undefined, `a${path.delimiter}b`, `${path.resolve('a')}${path.delimiter}${path.resolve('b')}`, true],
    ['/flag', both, '/flag', false],
    ['relative', undefined, path.resolve('relative'), false],
  ])('of the flag %s and KUBECONFIG %s is %s', (flag, KUBECONFIG, kubeconfig, isKubeconfigList) => {
    const environment = { KUBECONFIG, HOME: accountHome() };
    expect(findKubeconfigToName(flag, environment)).toEqual({ kubeconfig, isKubeconfigList });
  });

  it('is the default one where only this environment knows its home', () => {
    const environment = { HOME: root };
    expect(findKubeconfigToName(undefined, environment).kubeconfig).toBeUndefined();
    mkdirSync(path.join(root, '.kube'));
    writeFileSync(path.join(root, '.kube/config'), '');
    expect(findKubeconfigToName(undefined, environment).kubeconfig).toBe(path.join(root, '.kube/config'));
  });
});
