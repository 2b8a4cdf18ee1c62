/** Those that are judged as a whole: two causes at once, slow starts, and what the engine was not built for. */
import { eventually } from '../../e2e/operator/release.ts';
import { bindRole, readRole } from '../stage/kubeconfigs.ts';
import type { Scenario } from '../stage/scenario.ts';
import { DiagnosisStage, WORKSPACE } from '../stage/stage.ts';
import { readLines, readNamed } from './answers.ts';
import type { Foreign } from './foreign.ts';
import type { Healthy } from './healthy.ts';
import type { Trial } from './page.ts';
import type { Pair } from './pairs.ts';
import { ask } from './try-scenario.ts';

export async function tryPair({ codes, texts, make }: Pair): Promise<Trial> {
  await using stage = await DiagnosisStage.open('made-pair');
  const made = await make(stage);
  const { said } = await ask(stage, made);
  const named = readNamed(readLines(said)).map(({ code }) => code);
  const [nearer, other] = codes.map((code) => named.indexOf(code));
  const faults = [
    ...codes.filter((code) => !named.includes(code)).map((code) => `it does not name ${code}`),
    ...named.filter((code) => !codes.includes(code)).map((code) => `it names ${code} as well`),
    ...texts.filter((text) => !said.includes(text)).map((text) => `it does not say ${text}`),
    ...((nearer ?? 0) > (other ?? 0) ? [`it names ${codes[1]} first`] : []),
  ];
  return { what: codes.join(' and '), faults: faults.length === 0 ? [] : [...faults, said.slice(-1500)] };
}

export async function tryHealthy({ how, make }: Healthy): Promise<Trial> {
  await using stage = await DiagnosisStage.open('made-slow');
  const { words, environment = {} } = await make(stage);
  const run = await stage.person.ws([...words, '--json', '--progress', 'json'], { environment });
  const named = readNamed(readLines(`${run.stderr}\n${run.stdout}`)).map(({ code }) => code);
  const faults = [
    ...(run.status === 0 ? [] : [`it ended with ${run.status}: ${run.stdout}`]),
    ...(named.length === 0 ? [] : [`it named ${named.join(', ')}: ${run.stderr.slice(-1000)}`]),
  ];
  return { what: how, faults };
}

export async function tryForeign({ how, before, pod, words, until, general = [] }: Foreign): Promise<Trial> {
  await using stage = await DiagnosisStage.open('made-foreign');
  await stage.ready();
  await before?.(stage);
  await stage.changePod(pod);
  const asked = until === undefined ? ['forward', WORKSPACE, '0:22'] : ['status', WORKSPACE];
  if (until !== undefined)
    await eventually(
      () => stage.kubectl(['get', 'pods', '-o', 'json']),
      (text) => until.test(text),
      60_000,
    );
  const { said } = await ask(stage, { words: asked, evidence: [] });
  const named = readNamed(readLines(said));
  const wrong = named.filter(({ code }) => code !== 'UNKNOWN' && !general.includes(code));
  const faults = [
    ...(named.length === 0 ? [`it says nothing: ${said.slice(-1000)}`] : []),
    ...wrong.map(({ code, evidence }) => `it named ${code}: ${evidence}`),
    ...(named.length > 0 && !named.some(({ evidence }) => words.test(evidence))
      ? [`its evidence lacks ${words}: ${named[0]?.evidence}`]
      : []),
  ];
  return { what: how, faults };
}

/**
 * A cause, met by somebody who has the least Role of docs/operators.md and no other right: the same is named, and what
 * would have said more and may not be read is named as well.
 */
export async function tryLeast({ code, how, make }: Scenario): Promise<Trial> {
  await using stage = await DiagnosisStage.open('made-least');
  const made = await make(stage, 1);
  const environment = { ...made.environment, ...(await bindRole(stage, 'least', readRole())) };
  const { said, named } = await ask(stage, { ...made, environment });
  const codes = named.map((one) => one.code);
  const isUnread = /may not be read/.test(said);
  const evidence = JSON.stringify(named.find((one) => one.code === code));
  const missing = made.evidence.filter((one) =>
    typeof one === 'string' ? !evidence.includes(one) : !one.test(evidence),
  );
  const faults = [
    ...(codes.includes(code) ? [] : [`it names ${codes.join(', ') || 'nothing'}`]),
    ...codes.filter((one) => one !== code).map((one) => `it names ${one} as well`),
    ...(missing.length > 0 && !isUnread
      ? [`it lacks ${missing.join(', ')}, and does not say what it may not read`]
      : []),
  ];
  return { what: `${code}: ${how}`, faults: faults.length === 0 ? [] : [...faults, said.slice(-1500)] };
}
