/**
 * Screens as files to read: what a run shows, with all that changes from run to run under other names, so that columns
 * stay where a user sees them. `npx vitest run -u --project e2e test/e2e/app/screens` writes them anew: look at the
 * difference.
 */
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import { describeFact, titleOf } from '../../../../src/report/progress/wording.ts';
import type { Run } from './run-ws.ts';

export const PROGRAM = path.resolve(import.meta.dirname, '../../../../bin/run.js');
export const GOLDEN = path.join(import.meta.dirname, '../screens');

/** `narrow-up-shell` is `up/narrow-up-shell.txt`: a folder for each command, whatever the screen's size. */
export function toGoldenFile(name: string): string {
  const [subject = name] = name.replace(/^(?:narrow|wide|piped)-/, '').split('-');
  return `${subject}/${name}.txt`;
}

/**
 * States that a healthy start passes through. Which of them a run sees depends on how fast the machine is; that it sees
 * one, and that the pod ends them, does not.
 */
const PASSING = [
  describeFact({ kind: 'pod-awaited' }),
  describeFact({ kind: 'scheduling', message: undefined }),
  describeFact({ kind: 'attaching', message: undefined }),
  describeFact({ kind: 'pulling', image: 'IMAGE' }).replace('IMAGE', '\\S+'),
  describeFact({ kind: 'starting' }),
  describeFact({ kind: 'probing' }),
].join('|');
const WAITING = titleOf('ready', false);
const PASSING_LINES = new RegExp(`^(?: {2}${WAITING}: (?:${PASSING})\n)+(?= {2}${WAITING}: pod )`, 'gm');

export class Golden {
  readonly #names: [string, string][];

  readonly #node: string;

  /** `names`: this run's own values, each with what to call it, as long as itself. `node`: the cluster's. */
  constructor(names: Record<string, string>, node: string) {
    this.#node = node;
    this.#names = Object.entries(names);
    for (const [value, name] of this.#names) expect(name, value).toHaveLength(value.length);
  }

  /** Compares a terminal's screen with `NAME.txt`. */
  async screen(name: string, shown: string): Promise<void> {
    await this.#compare(name, this.#normalise(stripVTControlCharacters(shown)));
  }

  /** Compares what a run without a terminal printed, its two streams apart, with `NAME.txt`. */
  async run(name: string, words: string[], { status, stdout, stderr }: Run): Promise<void> {
    expect(stdout + stderr, 'colours or cursor movements without a terminal').not.toContain('\x1b');
    const part = (title: string, text: string) => (text === '' ? [] : [`── ${title}`, this.#normalise(text)]);
    await this.#compare(
      name,
      [
        `$ ws ${this.#normalise(words.join(' '))}`,
        ...part('stdout', Buffer.from(stdout, 'latin1').toString()),
        ...part('stderr', stderr),
        `── status ${status}`,
      ].join('\n'),
    );
  }

  async #compare(name: string, text: string): Promise<void> {
    await expect(`${text}\n`).toMatchFileSnapshot(path.join(GOLDEN, toGoldenFile(name)));
  }

  #normalise(screen: string): string {
    let text = screen;
    for (const [value, name] of this.#names) text = text.replaceAll(value, name);
    return (
      text
        // A fingerprint, broken over two lines as well.
        .replace(
          /SHA256:((?:\n?[\w+/]){43})/g,
          (_match, letters: string) => `SHA256:${letters.replace(/[\w+/]/g, 'x')}`,
        )
        .replace(/(ssh-ed25519) [\w+/=]{60,}/g, '$1 AAAA…')
        // A pod of a deployment: its template's hash has 8 to 10 characters.
        .replace(/(ws-[a-z]+)-[0-9a-f]{8,10}-[a-z0-9]{5}\b/g, '$1-1234567890-abcde')
        .replace(/SHA256:[\w+/]{12}(?![\w+/])/g, `SHA256:${'x'.repeat(12)}`)
        .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '00000000-0000-0000-0000-000000000000')
        .replaceAll(`${process.execPath} ${PROGRAM}`, 'ws')
        // The launcher remembers this machine's PATH, and which links of it lead to Node and to ws.
        .replace(/^(.)PATH="\$\{PATH:\+\$PATH:\}".*$/gm, `$1PATH="\${PATH:+$PATH:}"'/usr/bin:/bin'`)
        .replace(/^(?:\+try '.*\n)+/gm, `+try '/usr/bin/node' '/usr/bin/ws' "$@"\n`)
        .replace(/^(?:\+ {4}try "\$folder\/node" .*\n)+/gm, `+    try "$folder/node" '/usr/bin/ws' "$@"\n`)
        .replace(/(\/ssh_proxy\n@@ -0,0 \+1),\d+ @@/g, '$1,30 @@')
        // The comment of a key is who made it, and where.
        .replace(/\bCOMMENT {2,}/g, 'COMMENT   ')
        .replaceAll(new RegExp(`${userInfo().username}@${hostname()} {2,}`, 'g'), 'me@here   ')
        // Columns of a table are as wide as their longest cell.
        .replaceAll(new RegExp(`${this.#node} {2,}`, 'g'), 'node  ')
        .replaceAll(this.#node, 'node')
        .replace(/\bNODE {2,}/g, 'NODE  ')
        .replace(/\bAGE {2,}/g, 'AGE  ')
        .replace(/\b\d+[smhd] {2,}/g, '1s   ')
        // What works at the moment of the run, which narrow terminals break into several lines.
        .replace(/^Activity .*(?:\n {11}\S.*)*/gm, 'Activity   (of this moment)')
        .replace(/\b\d+[smhd]( ago|$)/gm, '1s$1')
        // Only waits of two seconds and more have a clock, and a long fact is cut where the clock begins.
        .replace(/^([●✓✗] .{58}).*…(?: {2,}\d+ s)?$/gm, '$1…')
        .replace(/ {2,}\d+ s$/gm, '')
        .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '2026-01-01 00:00:00')
        // What doctor says of this very machine.
        .replace(
          /^. (user|openssh) .*\n(?: {21}.*\n)*/gm,
          (_match, check: string) => `✓ ${check.padEnd(19)}(of this machine)\n`,
        )
        // A slow machine is told that nothing hangs, a fast one is not.
        .replace(/^ {2}still .* \(\d+ s\)(?:: .*)?\n/gm, '')
        .replace(PASSING_LINES, `  ${WAITING}: (passing states)\n`)
        .replace(/\n\nWarnings\n([\s\S]*?)(?=\n\$\s*$|\s*$)/, (section, warnings: string) =>
          isOfSlowStart(warnings) ? '' : section,
        )
        .replace(/bootMs=\d+/g, 'bootMs=100')
        .replace(/\b\d+\.\d+\.\d+(?=[\s,)]|$)/g, '1.2.3')
        .replace(/\bv\d+\.\d+\.\d+/g, 'v1.2.3')
        .replace(/[ \t]+$/gm, '')
        .trimEnd()
    );
  }
}

/** The kubelet's word for a server that was not there yet at a first probe. */
function isOfSlowStart(warnings: string): boolean {
  return warnings.split(/^ {2}\S+ ago {2}/m).every((warning) => warning === '' || warning.startsWith('Unhealthy '));
}
