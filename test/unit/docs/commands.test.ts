import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../scripts/command-reference.ts';
import { findFault, listCommandIds, listCommands } from './command-lines.ts';
import { listShellBlocks, ROOT, readPages } from './pages.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** Commands and topics, which prose names without what they need. */
const names = new Set(listCommandIds(() => true).flatMap((id) => [id, id.split(' ')[0]]));

describe('command lines', () => {
  // What the log of changes names may be what was refused then.
  it.each(readPages().filter(({ file }) => file !== 'CHANGELOG.md'))(
    'of $file are ones that ws takes',
    async ({ text }) => {
      const inline = [...text.matchAll(/`(ws [^`\n]+)`/g)].map(([, line = '']) =>
        line.replace(/\b(?:NAME|WORKSPACE)\b/, 'dev'),
      );
      const lines = [...listShellBlocks(text).flat(), ...inline.filter((line) => !/…|\[|^ws [A-Z]/.test(line))];
      const typed = lines.flatMap((line) => listCommands(line).map((words) => ({ line, words })));
      const isName = (line: string) => names.has(line.replace(/^ws /, ''));
      const faults = await Promise.all(typed.map(async ({ line, words }) => ({ line, fault: await findFault(words) })));
      expect(faults.filter(({ line, fault }) => fault !== undefined && !isName(line))).toEqual([]);
    },
  );

  it('are read: unknown commands, flags, values and words are found', async () => {
    const faults = (line: string) => Promise.all(listCommands(line).map((words) => findFault(words)));
    const isFine = Promise.all(
      [
        'tar c . | ws ssh -- tar x --nothing   # comment',
        "WS_SIZE=1Gi ws up dev --no-shell -f a.yaml; ws use ''",
        'ws completion fish > ws.fish',
        'source <(ws completion bash)',
        'ws ssh --tmux dev; ws ssh --tmux=main dev',
      ].map(faults),
    );
    expect((await isFine).flat().filter((fault) => fault !== undefined)).toEqual([]);
    for (const line of [
      ...['ws ssh --tmux main', 'ws fly', 'ws up --gpu 1', 'ws ls --progress slow', 'ws down a b', 'ws up --size'],
      ...['ws up Dev', 'ws forward dev 3000 --address'],
    ])
      expect(await faults(line), line).toEqual([expect.any(String)]);
  });
});

describe('docs/commands.md', () => {
  it('writes each flag with its value as every flag takes it: in one word', () => {
    const written = [...read('docs/commands.md').matchAll(/^\| (?:`-.`, )?`(--[^`]+)` \|/gm)].map(([, flag]) => flag);
    expect(written).toContain('--tmux=SESSION');
    expect(written.filter((flag) => /\s/.test(flag ?? ''))).toEqual([]);
  });

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
    const missing = [...new Set(names)].filter((name) => !new RegExp(`\\bws ${name}(?![\\w-])`).test(text));
    expect(missing, 'commands without a line in CHANGELOG.md').toEqual([]);
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
