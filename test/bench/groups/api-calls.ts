import { Counter } from '../counter.ts';
import type { Group } from '../group.ts';
import { endHolders } from '../processes.ts';
import { awaitLine } from '../programs.ts';
import { CHART } from '../stage.ts';

const USERS = 10_000;
const HOURS = 8;
const SHARED = '`ws ssh -- …`, over a held connection';
const ALONE = '`ws ssh --no-share -- …`';
const OPENING = '`ws ssh -- …`, the first one, which leaves a connection open';

/** A day of one user: how often each command is run in its eight hours. A guess, to be replaced by one's own. */
const DAY: Record<string, number> = {
  '`ws up`, an existing workspace': 3,
  [OPENING]: 20,
  [SHARED]: 400,
  '`ws forward`, start to end': 4,
  '`ws ls`': 10,
  '`ws status`': 4,
};
const STANDING_MS = 10_000;
/** By then the holder of a connection has opened its own, on a busy machine too. */
const HOLDER_MS = 6000;

interface Counted {
  name: string;
  calls: string[];
}

/** What `ws` and its peers ask the API server for, counted in front of it. */
export const measureApiCalls: Group = async ({ stage }) => {
  const counter = await Counter.open(stage);
  const counted = stage.withEnvironment({ KUBECONFIG: counter.kubeconfig });
  const found: Counted[] = [];
  const add = async (name: string, run: () => Promise<unknown>) => {
    counter.calls.length = 0;
    await run();
    if (counter.calls.length === 0 && name !== SHARED) throw new Error(`no request was seen of ${name}`);
    found.push({ name, calls: [...counter.calls] });
  };
  const run = (...words: string[]) => counted.run(counted.ws(...words));
  const stand = async (words: string[], line: RegExp) => {
    const child = counted.start(words);
    await awaitLine(child, line);
    const before = counter.calls.length;
    await pause(STANDING_MS);
    const standing = counter.calls.length - before;
    await counted.stop(child);
    return standing;
  };
  let standing = 0;
  try {
    await add('`ws up`, a new workspace', () => counted.up('counted'));
    await add('`ws up`, an existing workspace', () => run('up', 'counted', '--no-shell'));
    await add(ALONE, () => run('ssh', '--no-share', 'dev', '--', 'true'));
    await add(OPENING, async () => {
      await run('ssh', 'dev', '--', 'true');
      await pause(HOLDER_MS);
    });
    await add(SHARED, () => run('ssh', 'dev', '--', 'true'));
    await add('`ws forward`, start to end', async () => {
      const words = counted.ws('forward', '0:80', '--workspace', 'dev', '--progress', 'plain');
      standing = await stand(words, /127\.0\.0\.1:\d+/);
    });
    await add('`ws ls`', () => run('ls'));
    await add('`ws status`', () => run('status', 'dev'));
    await add('`ws down --delete-home`', () => counted.down('counted'));
    await add('`kubectl exec -- true`', () => counted.run(['kubectl', 'exec', 'deploy/ws-dev', '--', 'true']));
    await add('`kubectl port-forward`, start to end', () =>
      stand(['kubectl', 'port-forward', 'deploy/ws-dev', ':2222'], /127\.0\.0\.1:\d+ ->/),
    );
    await add('`kubectl get deployments`', () => counted.run(['kubectl', 'get', 'deployments']));
    const key = `authorizedKeys[0]=${stage.key}.pub`;
    await add('`helm install --wait`, a new workspace', () =>
      counted.run(['helm', 'install', 'ws-helmed', CHART, '--set-file', key, '--wait']),
    );
    await counted.down('helmed');
  } finally {
    // The counted one would be taken for the one that the next groups open.
    endHolders('dev', stage.namespace);
    counter.close();
  }
  return { rows: [], text: [toTable(found), toDay(found), toClaims(found, standing)].join('\n\n') };
};

function toTable(found: Counted[]): string {
  return [
    '| command | requests to the API server | of these: whole namespaces | by label or field | watches | pod streams |',
    '| --- | --- | --- | --- | --- | --- |',
    ...found.map(({ name, calls }) => {
      const cells = [calls, calls.filter(isWholeList), calls.filter(isSelected), calls.filter(isWatch)];
      const streams = calls.filter((call) => /\/(?:exec|portforward|attach)\b/.test(call));
      return `| ${name} | ${[...cells, streams].map(({ length }) => length).join(' | ')} |`;
    }),
  ].join('\n');
}

function toDay(found: Counted[]): string {
  const cost = (name: string) => found.find((entry) => entry.name === name)?.calls.length ?? Number.NaN;
  const perDay = Object.entries(DAY).reduce((sum, [name, times]) => sum + cost(name) * times, 0);
  const shared = (DAY[SHARED] ?? 0) * cost(SHARED) + (DAY[OPENING] ?? 0) * cost(OPENING);
  const unshared = perDay - shared + ((DAY[SHARED] ?? 0) + (DAY[OPENING] ?? 0)) * cost(ALONE);
  const perSecond = (day: number) => ((day / HOURS / 3600) * USERS).toFixed(0);
  const day = Object.entries(DAY).map(([name, times]) => `${times} × ${name}`);
  return `A day has ${HOURS} hours and ${day.join('; ')}. So one user costs ${(perDay / HOURS).toFixed(0)} requests an hour, and ${USERS.toLocaleString('en')} users cost ${perSecond(perDay)} a second on average. With \`--no-share\`, the same day costs ${perSecond(unshared)} a second.`;
}

function toClaims(found: Counted[], standing: number): string {
  const own = found.filter(({ name }) => name.startsWith('`ws '));
  const whole = own.flatMap(({ name, calls }) => calls.filter(isWholeList).map((call) => `${name}: \`${call}\``));
  return [
    `An open forward sent ${standing} requests in ${STANDING_MS / 1000} seconds.`,
    whole.length === 0
      ? 'No command lists a whole namespace.'
      : `Lists of a whole namespace: ${[...new Set(whole)].join('; ')}.`,
  ].join(' ');
}

/** A GET of a kind in a namespace, without a name and without a selector. */
function isWholeList(call: string): boolean {
  const [method, url = ''] = call.split(' ');
  const [place = '', query = ''] = url.split('?');
  return method === 'GET' && /\/namespaces\/[^/]+\/[^/]+$/.test(place) && !/Selector=/.test(query);
}

function isSelected(call: string): boolean {
  return /^GET .*(?:label|field)Selector=/.test(call);
}

function isWatch(call: string): boolean {
  return /[?&]watch=(?:1|true)/.test(call);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
