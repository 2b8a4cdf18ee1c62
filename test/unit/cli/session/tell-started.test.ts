import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { tellStarted } from '../../../../src/cli/session/detached/tell-started.ts';
import type { TmuxRequest } from '../../../../src/cli/session/words/tmux.ts';
import type { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { type Spell, spell } from '../../../../src/workspace/errors/spell.ts';
import { readTyped } from '../../../../src/workspace/errors/typed-command.ts';
import { JOB_RUNS_STATUS, SESSION_EXISTS_STATUS } from '../../../../src/workspace/jobs/job-script.ts';

const JOB: TmuxRequest = { name: 'job', isDetached: true, job: 'make', forwardsAgent: false };
const SHAPES = [
  { name: 'tmux', type: 'option' },
  { name: 'detach', char: 'd', type: 'boolean' },
  { name: 'keep-words', type: 'boolean' },
  { name: 'wait-timeout', type: 'option' },
  { name: 'identity', type: 'option' },
];
const LINE = ['dev', '--tmux=job', '-d', '--keep-words', '--wait-timeout', '5m', '--identity', 'key', '--', 'make'];
const spellHere: Spell = (suggestion) =>
  spell(suggestion, { place: {}, workspace: 'dev', typed: readTyped('ssh', LINE, SHAPES, () => true) });

function tell(status: number, isTTY: boolean) {
  const stdout = new PassThrough();
  const said = { stdout, stderr: Object.assign(new PassThrough(), { isTTY }) };
  try {
    tellStarted(JOB, status, said, spellHere);
  } catch (error) {
    return (error as WorkspaceError).suggestions.map((one) => spellHere(one).line);
  }
  return stdout.read()?.toString();
}

/** As many as the image's tmux keeps: the beginning of a longer job is lost, and tmux says nothing of it. */
const [, HISTORY] = /history-limit (\d+)/.exec(readFileSync('image/root/etc/tmux.conf', 'utf8')) ?? [];
const KEPT = Number(HISTORY).toLocaleString('en-US');
const READ = "ws ssh dev -- tmux capture-pane -p -J -S - -t '=job:'";
const ATTACH = 'ws ssh dev --tmux=job --identity key';

it.each([
  [true, `Come back to it: ${ATTACH}`],
  [false, `Read the last ${KEPT} lines that it printed: ${READ}`],
])('with a terminal: %s, a job that was started is followed by the line that works there', (isTTY, line) => {
  expect(tell(0, isTTY)).toBe(`Started tmux session job\n${line}\n`);
});

it.each([
  [true, ATTACH],
  [false, READ],
])('with a terminal: %s, so is a session that is there already', (isTTY, line) => {
  expect(tell(SESSION_EXISTS_STATUS, isTTY)).toEqual([line, "ws ssh dev -- tmux kill-session -t '=job'"]);
});

it.each([
  [true, ATTACH],
  [false, READ],
])('with a terminal: %s, a job that still runs can be looked at, waited for and ended', (isTTY, line) => {
  const lines = [line, 'ws ssh dev --tmux=job --wait', "ws ssh dev -- tmux kill-session -t '=job'"];
  expect(tell(JOB_RUNS_STATUS, isTTY)).toEqual(lines);
});

it('another failure was told by tmux', () => {
  expect(tell(1, false)).toBeUndefined();
});

it.each(['docs/agents.md', 'docs/sessions.md', 'docs/skill/SKILL.md'])('%s says how much of it tmux keeps', (page) => {
  expect(readFileSync(page, 'utf8')).toContain(`last ${KEPT} lines`);
});
