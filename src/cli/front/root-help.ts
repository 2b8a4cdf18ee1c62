import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatRootHelp, type HelpEntry } from '../../report/results/root-help.ts';
import { compareTexts } from '../../workspace/compare-texts.ts';
import { readOutput } from '../terminal/terminal.ts';

interface Package {
  description: string;
  oclif: { topics: Record<string, { description: string }> };
}

interface Manifest {
  commands: Record<string, { summary: string; hidden?: boolean }>;
}

/** The text of `ws --help`, from the package and its manifest: neither the parser nor a command is loaded for it. */
export function readRootHelp(root: string): string {
  const { description, oclif } = readJson<Package>(root, 'package.json');
  const { commands } = readJson<Manifest>(root, 'oclif.manifest.json');
  const topics = Object.entries(oclif.topics).map(([name, topic]) => ({ name, summary: topic.description }));
  const shown = Object.entries(commands)
    .filter(([id, { hidden }]) => hidden !== true && !id.includes(':'))
    .map(([name, { summary }]) => ({ name, summary }));
  const { stdout, colorOnStdout } = readOutput();
  return formatRootHelp(
    { description, topics: topics.toSorted(byName), commands: shown.toSorted(byName) },
    { columns: stdout.columns || 80, color: colorOnStdout },
  );
}

function readJson<Content>(root: string, file: string): Content {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Content;
}

function byName(one: HelpEntry, other: HelpEntry): number {
  return compareTexts(one.name, other.name);
}
