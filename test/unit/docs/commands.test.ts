import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../scripts/command-reference.ts';
import { findFault, listCommands } from './command-lines.ts';
import { listCodeLines, ROOT, readPages } from './pages.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

describe('command lines', () => {
  it.each(readPages())('of $file name commands and flags that there are', ({ text }) => {
    const inline = [...text.matchAll(/`(ws [^`\n]+)`/g)].map(([, line = '']) => line);
    const lines = [...listCodeLines(text, 'sh'), ...inline.filter((line) => !/…|\[|^ws [A-Z]/.test(line))];
    const faults = lines.flatMap((line) => listCommands(line).flatMap((words) => findFault(words) ?? []));
    expect(faults.filter((fault) => !isTopic(fault))).toEqual([]);
  });

  it('are read: unknown commands, flags, values and words are found', () => {
    const faults = (line: string) => listCommands(line).map((words) => findFault(words));
    expect(faults('tar c . | ws ssh -- tar x --nothing   # comment')).toEqual([undefined]);
    expect(faults("WS_SIZE=1Gi ws up dev --no-shell -f a.yaml; ws use ''")).toEqual([undefined, undefined]);
    expect(faults('ws completion fish > ws.fish')).toEqual([undefined]);
    expect(faults('source <(ws completion bash)')).toEqual([undefined]);
    expect(faults('ws ssh --tmux main')).toEqual(['--tmux takes a name by =']);
    expect(faults('ws ssh --tmux dev; ws ssh --tmux=main dev')).toEqual([undefined, undefined]);
    expect(faults('ws fly')).toEqual(['"fly" is not a command']);
    expect(faults('ws up --gpu 1')).toEqual(['up has no flag --gpu']);
    expect(faults('ws ls --progress slow')).toEqual(['--progress cannot be slow']);
    expect(faults('ws down a b')).toEqual(['down takes 1 arguments, not 2']);
    expect(faults('ws up --size')).toEqual(['--size has no value']);
  });
});

describe('docs/commands.md', () => {
  it('is what scripts/docs.ts writes now', () => {
    expect(() => execFileSync(process.execPath, ['scripts/docs.ts', '--check'], { cwd: ROOT })).not.toThrow();
  });
});

describe('CHANGELOG.md', () => {
  it('names every command, or the topic that it is of', () => {
    const { commands } = JSON.parse(read('oclif.manifest.json')) as Manifest;
    const names = Object.values(commands)
      .filter(({ hidden }) => hidden !== true)
      .map(({ id }) => id.split(':')[0]);
    const text = read('CHANGELOG.md');
    expect([...new Set(names)].filter((name) => !new RegExp(`\\bws ${name}(?![\\w-])`).test(text))).toEqual([]);
  });
});

describe('docs/json.md', () => {
  it('has a document for every command with --json, and for no other', () => {
    const { commands } = JSON.parse(read('oclif.manifest.json')) as Manifest;
    const withJson = Object.values(commands).filter((command) => command.enableJsonFlag);
    const [, results = ''] = /^## Results$([\s\S]*?)^`ws ssh`/m.exec(read('docs/json.md')) ?? [];
    const named = new Set([...results.matchAll(/`ws ([a-z -]+?)(?: --json)?`/g)].map(([, name]) => name));
    expect([...named].toSorted()).toEqual(withJson.map(({ id }) => id.replaceAll(':', ' ')).toSorted());
  });
});

/** A topic stands for its commands in prose. */
function isTopic(fault: string): boolean {
  const { oclif } = JSON.parse(read('package.json')) as { oclif: { topics: Record<string, unknown> } };
  return Object.keys(oclif.topics).some((topic) => fault === `"${topic}" is not a command`);
}
