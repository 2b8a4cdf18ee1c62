/** Makes a cause, asks `ws`, and judges the answer; then looks where `ws` said to look, and does what it said first. */

import { isDeepStrictEqual } from 'node:util';
import type { WorkspaceScene } from '../../../src/workspace/diagnosis/diagnosis.ts';
import { finish, type Run } from '../../e2e/app/running/run-ws.ts';
import { eventually } from '../../e2e/operator/release.ts';
import type { Made, Scenario } from '../stage/scenario.ts';
import { DiagnosisStage, WORKSPACE } from '../stage/stage.ts';
import { type Named, readLines, readNamed } from './answers.ts';
import { watchSigns } from './signs.ts';

export interface Verdict {
  code: string;
  how: string;
  n: number;
  verdict: 'rightly' | 'wrongly' | 'not';
  /** From the first sign, in the cluster or, where there is none, of the command that ran. */
  seconds: number | undefined;
  /** What was named, in the order of speech. */
  named: string[];
  /** What is not as it should be, for people. Empty: all is well. */
  faults: string[];
  /** Whether the first suggestion helped; undefined where it was not run. */
  mended: boolean | undefined;
  /** How many suggested commands only look, and were run. */
  looks: number;
  scene: WorkspaceScene | undefined;
  said: string;
}

/** How long `ws` may take until it has named something. */
const NAMING_MS = 75_000;
/** Where waiting cannot help, it ends soon after it has spoken. Where it can, nobody waits for it here. */
const ENDING_MS = 2000;
const POLL_MS = 50;

/** On a stage of its own, or on one that others use before and after it. */
export async function tryScenario(scenario: Scenario, n: number, shared?: DiagnosisStage): Promise<Verdict> {
  if (shared !== undefined) return judge(scenario, n, shared);
  await using stage = await DiagnosisStage.open(
    `made-${scenario.code.toLowerCase().replaceAll('_', '-').slice(0, 30)}`,
  );
  return await judge(scenario, n, stage);
}

async function judge(scenario: Scenario, n: number, stage: DiagnosisStage): Promise<Verdict> {
  const made = await scenario.make(stage, n);
  const asked = await ask(stage, made);
  const [first] = asked.named;
  const codes = asked.named.map(({ code }) => code);
  const isWrong = codes.some((code) => code !== scenario.code && code !== 'UNKNOWN');
  const isRight = codes.includes(scenario.code);
  const right = asked.named.find(({ code }) => code === scenario.code);
  // What was refused at its first install leaves no workspace.
  const isLeft = made.status === true && !asked.said.includes('removed again');
  const unequal = isRight && isLeft ? await compareStatus(stage, scenario.code) : [];
  const looked = right === undefined ? { ran: 0, faults: [] } : await look(stage, right, made);
  const unmended = right === undefined || made.mend === undefined ? undefined : await mend(stage, right, made);
  const faults = [
    ...(isRight ? [] : [`it says ${codes.join(', ') || 'nothing'}: ${asked.said.slice(-1500)}`]),
    ...(isWrong ? [`it named ${codes.join(', ')}`] : []),
    ...(right === undefined ? [] : listMissing(right, made.evidence)),
    ...unequal,
    ...looked.faults,
    ...(unmended ?? []),
  ];
  return {
    code: scenario.code,
    how: scenario.how,
    n,
    verdict: isWrong ? 'wrongly' : isRight ? 'rightly' : 'not',
    seconds: first === undefined ? undefined : asked.seconds,
    named: codes,
    faults,
    mended: unmended === undefined ? undefined : unmended.length === 0,
    looks: looked.ran,
    scene: asked.scene,
    said: asked.said,
  };
}

interface Asked {
  /** Each cause that came first in what was said, once. */
  named: Named[];
  seconds: number;
  scene: WorkspaceScene | undefined;
  said: string;
}

export async function ask(stage: DiagnosisStage, { words, environment }: Made): Promise<Asked> {
  await using signs = watchSigns(stage);
  const startedAtMs = Date.now();
  const child = stage.person.start([...toJsonWords(words), '--progress', 'json'], { environment: environment ?? {} });
  let said = '';
  let ended: Run | undefined;
  child.stderr?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const end = finish(child).then((run) => {
    ended = run;
  });
  let namedAtMs: number | undefined;
  let scene: Promise<WorkspaceScene | undefined> | undefined;
  const deadline = startedAtMs + NAMING_MS;
  while (ended === undefined && Date.now() < deadline) {
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, POLL_MS))]);
    if (namedAtMs === undefined && readNamed(readLines(said)).length > 0) {
      namedAtMs = Date.now();
      scene = signs.capture().catch(() => undefined);
    }
    if (namedAtMs !== undefined && Date.now() > namedAtMs + ENDING_MS) break;
  }
  child.kill('SIGINT');
  await end;
  const atMs = namedAtMs ?? Date.now();
  const firstAtMs = Math.min(signs.firstAtMs ?? startedAtMs, atMs);
  const all = `${said}\n${ended?.stdout ?? ''}`;
  const named = readLines(all).flatMap((document) => readNamed(document).slice(0, 1));
  const once = named.filter(({ code }, at) => named.findIndex((other) => other.code === code) === at);
  return { named: once, seconds: (atMs - firstAtMs) / 1000, scene: await scene, said: all };
}

/** `ws ssh` and those like it have no JSON of their own. */
function toJsonWords(words: string[]): string[] {
  return words[0] === 'ssh' ? words : [...words, '--json'];
}

function listMissing({ evidence }: Named, wanted: Made['evidence']): string[] {
  const missing = wanted.filter((one) => (typeof one === 'string' ? !evidence.includes(one) : !one.test(evidence)));
  return missing.map((one) => `its evidence lacks ${one}: ${evidence}`);
}

async function compareStatus(stage: DiagnosisStage, code: string): Promise<string[]> {
  const run = await stage.person.ws(['status', WORKSPACE, '--json']);
  const codes = readNamed(readLines(run.stdout)).map((named) => named.code);
  // One that was refused at its first install has been taken back meanwhile.
  return isDeepStrictEqual(codes, ['WORKSPACE_MISSING']) || isDeepStrictEqual(codes.slice(0, 1), [code])
    ? []
    : [`ws status names ${codes.join(', ') || 'nothing'}: ${run.stdout}${run.stderr}`];
}

/** Commands that change nothing. */
const LOOKS = /^(?:kubectl (?:get|describe|logs)|ws (?:status|ls|logs|homes ls)) /;

/**
 * Runs every suggested command that only looks, as printed: what it names has to be there. Not with another kubeconfig,
 * whose cluster or rights are what is wrong.
 */
async function look(stage: DiagnosisStage, { suggestions }: Named, { environment }: Made) {
  if (environment?.['KUBECONFIG'] !== undefined) return { ran: 0, faults: [] };
  const commands = suggestions.flatMap(({ command = '' }) => (LOOKS.test(command) ? [command] : []));
  const faults: string[] = [];
  for (const command of commands) {
    const { status, stderr } = await stage.shell(command, environment);
    if (status !== 0) faults.push(`${command} ended with ${status}: ${stderr}`);
  }
  return { ran: commands.length, faults };
}

/** Runs the first command as it was printed, in a shell. */
async function mend(
  stage: DiagnosisStage,
  { code, suggestions }: Named,
  { mend, environment }: Made,
): Promise<string[]> {
  const command = suggestions[0]?.command;
  if (command === undefined) return [`it suggests no command first: ${JSON.stringify(suggestions)}`];
  if (mend === 'removes') return removes(stage, command, code);
  const run = await stage.shell(command, environment);
  if (run.status !== 0) return [`${command} ended with ${run.status}: ${run.stdout}${run.stderr}`];
  if (mend === 'runs') return [];
  // What is suggested need not be `ws up`, which waits by itself.
  const place = /--namespace \S+/.exec(command)?.[0] ?? '';
  const up = await stage.shell(`ws up ${WORKSPACE} --yes --no-shell --wait-timeout 90s ${place}`);
  return up.status === 0 ? [] : [`the workspace is not ready after ${command}: ${up.stderr}`];
}

/** A command that may wait for what can never come: nobody waits for it. */
async function removes(stage: DiagnosisStage, command: string, code: string): Promise<string[]> {
  const end = new AbortController();
  const running = stage.shell(command, {}, end.signal);
  const ask = async () => readNamed(readLines((await stage.person.ws(['status', WORKSPACE, '--json'])).stdout));
  const isGone = (named: Named[]) => !named.some((one) => one.code === code);
  const left = await eventually(ask, isGone, 20_000).catch((error: unknown) => String(error));
  end.abort();
  await running;
  return typeof left === 'string' ? [`${code} is named after ${command}: ${left}`] : [];
}
