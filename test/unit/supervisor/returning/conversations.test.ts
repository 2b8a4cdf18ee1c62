/** Transcripts in the places and forms of the real packages, of which this test keeps the first lines. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AGENTS, findNamed } from '../../../../src/supervisor/returning/agents/agents.ts';
import { findConversation, isThere } from '../../../../src/supervisor/returning/agents/conversations.ts';

const FOLDER = '/home/dev/my_project.x';
const [OLD = '', MINE = '', OTHER = ''] = [1, 2, 3].map(
  (digit) => `0cb916db-26aa-40f2-86b5-1ba81b225f${digit}${digit}`,
);
const STARTED_MS = 1_795_918_525_000;

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'conversations-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function plant(file: string, text = '', changedMs = STARTED_MS + 5000): void {
  const target = path.join(home, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
  utimesSync(target, changedMs / 1000, changedMs / 1000);
}

const codex = (id: string, cwd: string, changedMs?: number) =>
  plant(
    `.codex/sessions/2026/11/29/rollout-2026-11-29T02-15-57-${id}.jsonl`,
    `{"timestamp":"2026-11-29T02:16:01.475Z","ordinal":0,"type":"session_meta","payload":{"account_scoped":true,"session_id":"${id}","id":"${id}","cwd":"${cwd}","originator":"codex-tui","base_instructions":{"text":"${'x'.repeat(9000)}"}}}\n`,
    changedMs,
  );

const gemini = (id: string, project: string, changedMs?: number) =>
  plant(
    `.gemini/tmp/${project}/chats/session-2026-11-29T02-15-${id.slice(0, 8)}${id.slice(-2)}.jsonl`,
    `{"sessionId":"${id}","projectHash":"93d5","startTime":"2026-11-29T02:16:09.843Z","kind":"main"}\n{"$set":{}}\n`,
    changedMs,
  );

const PLANTED: Record<string, () => void> = {
  claude() {
    plant(`.claude/projects/-home-dev-my-project-x/${MINE}.jsonl`);
    plant(`.claude/projects/-home-dev-my-project-x/${OTHER}.jsonl`);
    plant(
      '.claude/sessions/77.json',
      JSON.stringify({ pid: 77, sessionId: MINE, cwd: FOLDER, startedAt: STARTED_MS + 900 }),
    );
    plant(
      '.claude/sessions/78.json',
      JSON.stringify({ pid: 78, sessionId: OTHER, cwd: FOLDER, startedAt: STARTED_MS }),
    );
  },
  codex() {
    codex(OLD, FOLDER, STARTED_MS - 60_000);
    codex(MINE, FOLDER);
    codex(OTHER, '/home/dev/other', STARTED_MS + 9000);
  },
  gemini() {
    plant('.gemini/projects.json', JSON.stringify({ projects: { [FOLDER]: 'my-project-x', '/other': 'other' } }));
    gemini(OLD, 'my-project-x', STARTED_MS - 60_000);
    gemini(MINE, 'my-project-x');
    gemini(OTHER, 'other');
  },
  copilot() {
    for (const [id, pid] of [
      [MINE, 77],
      [OTHER, 78],
    ]) {
      plant(`.copilot/session-state/${id}/inuse.${pid}.lock`);
      plant(`.copilot/session-state/${id}/events.jsonl`);
    }
  },
  opencode() {
    plant('.local/share/opencode/opencode.db');
  },
};

it.each(Object.keys(PLANTED))(
  'the conversation of %s is found by its own files, and only while it is there',
  async (name) => {
    const agent = AGENTS.find((each) => each.name === name);
    if (agent === undefined) throw new Error(name);
    const atWork = { pid: 77, folder: FOLDER, startedAtMs: STARTED_MS, named: undefined };
    const find = (taken: string[] = []) => findConversation(home, agent.place, atWork, new Set(taken));
    const expected = agent.id.test(MINE) ? MINE : 'latest';
    expect(await find()).toBeUndefined();
    expect(await isThere(home, agent.place, expected, FOLDER)).toBe(false);
    PLANTED[name]?.();
    expect(await find()).toBe(expected);
    expect(await isThere(home, agent.place, expected, FOLDER)).toBe(true);
    if (name === 'codex' || name === 'gemini') expect(await find([MINE])).toBeUndefined();
  },
);

it('the conversation of aider is that of its folder', async () => {
  const agent = AGENTS.find(({ name }) => name === 'aider');
  const atWork = { pid: 77, folder: path.join(home, 'project'), startedAtMs: STARTED_MS, named: undefined };
  plant('project/.aider.chat.history.md');
  expect(agent && (await findConversation('/nowhere', agent.place, atWork, new Set()))).toBe('latest');
});

it('a process that got the number of an earlier agent is in no conversation of its', async () => {
  const agent = AGENTS.find(({ name }) => name === 'claude');
  PLANTED['claude']?.();
  const later = { pid: 77, folder: FOLDER, startedAtMs: STARTED_MS + 3_600_000, named: undefined };
  expect(agent && (await findConversation(home, agent.place, later, new Set()))).toBeUndefined();
});

it.each(AGENTS.filter(({ id }) => id.test(MINE)).map((agent) => [agent.name, agent] as const))(
  '%s that took a conversation up, and in which nothing was said since, is in that one',
  async (name, agent) => {
    const named = findNamed(agent, agent.toWords(MINE));
    const laterMs = STARTED_MS + 3_600_000;
    const find = (pid: number) =>
      findConversation(home, agent.place, { pid, folder: FOLDER, startedAtMs: laterMs, named }, new Set());
    expect(await find(99)).toBeUndefined();
    PLANTED[name]?.();
    expect(await find(99)).toBe(MINE);
  },
);
