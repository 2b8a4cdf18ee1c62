/**
 * Shapes of work, and of what only looks like it. The shares of a core of what waits were measured
 * (docs/decisions/0047); those of work are chosen low, so that they are hard to see.
 */
import { AGENT_LIMIT_MS, OUTPUT_LIMIT_MS } from '../../../../src/supervisor/idle/idleness.ts';
import { HOUR, MINUTE, SECOND, type Shape, type Workspace } from './replay.ts';

/** Somebody starts something at a terminal. */
const START_MS = 5 * MINUTE;

const typeAtFirst = (workspace: Workspace, atMs: number) => {
  workspace.open('0');
  if (atMs <= START_MS && workspace.chance(180)) workspace.type('0');
  if (atMs === 15 * SECOND) workspace.type('0');
};

/** Happens again and again, with pauses of `shortestMs` to `longestMs`. */
function toBeat(longestMs: number, shortestMs: number): (workspace: Workspace, atMs: number) => boolean {
  let nextMs = 0;
  return (workspace, atMs) => {
    if (atMs < nextMs) return false;
    nextMs = atMs + workspace.between(shortestMs, longestMs);
    return true;
  };
}

type Made = () => Shape;

const quiet = (name: string, step: Shape['step']): Made => {
  return () => ({
    name,
    worksMs: START_MS,
    holdsMs: 0,
    step: (workspace, atMs) => {
      typeAtFirst(workspace, atMs);
      step(workspace, atMs);
    },
  });
};

const work = (name: string, worksMs: number, step: Shape['step'], rest?: Shape['step'], holdsMs = 0): Made => {
  return () => ({
    name,
    worksMs,
    holdsMs,
    step: (workspace, atMs) => {
      typeAtFirst(workspace, atMs);
      if (atMs < worksMs) step(workspace, atMs);
      else rest?.(workspace, atMs);
    },
  });
};

/** An agent that lives, at its prompt or in thought. */
const live = (workspace: Workspace) => {
  workspace.agents = ['claude'];
  workspace.compute('agent', workspace.between(0.001, 0.02));
};

/** A turn of an agent: some seconds of a tool, then thought. */
function toTurns(longestMs: number, share: [number, number], longestToolMs: number) {
  const begins = toBeat(longestMs, MINUTE);
  let untilMs = 0;
  return (workspace: Workspace, atMs: number) => {
    live(workspace);
    if (begins(workspace, atMs)) untilMs = atMs + workspace.between(0, longestToolMs);
    if (atMs <= untilMs) workspace.compute('agent', workspace.between(...share));
  };
}

export const AGENT_SHAPES: Made[] = [
  work(
    'an agent that thinks for hours and shows nothing',
    4 * HOUR,
    (workspace) => live(workspace),
    live,
    AGENT_LIMIT_MS,
  ),
  work(
    'an agent that waits at its prompt for an answer',
    5 * HOUR,
    (workspace) => live(workspace),
    live,
    AGENT_LIMIT_MS,
  ),
  () => {
    const turn = toTurns(10 * MINUTE, [0.2, 0.9], 40 * SECOND);
    const step = (workspace: Workspace, atMs: number) => {
      turn(workspace, atMs);
      if (workspace.chance(20)) workspace.print('0');
    };
    return work(
      'an agent with sub-agents, which has one call of a tool in ten minutes',
      9 * HOUR,
      step,
      live,
      AGENT_LIMIT_MS,
    )();
  },
  () => {
    const turn = toTurns(4 * MINUTE, [0.5, 2], 3 * MINUTE);
    const gone = (workspace: Workspace) => {
      workspace.agents = [];
      workspace.end('agent');
    };
    return work('an agent that works through the night and ends', 11 * HOUR, turn, gone)();
  },
  () => {
    const turn = toTurns(12 * MINUTE, [0.3, 0.8], 2 * MINUTE);
    return work('an agent that is left at its prompt when it is done', 3 * HOUR, turn, live, AGENT_LIMIT_MS)();
  },
];

export const OTHER_SHAPES: Made[] = [
  work('a build that prints nothing', 90 * MINUTE, (workspace) => workspace.compute('0', workspace.between(0.3, 3))),
  work(
    'tests that mostly wait',
    HOUR,
    (workspace) => workspace.compute('0', workspace.between(0.06, 0.25)),
    (workspace) => workspace.end('0'),
  ),
  quiet('a development server that nobody asks', (workspace) => {
    workspace.compute('0', workspace.between(0.001, 0.02));
    workspace.transfer('forward', workspace.between(5, 120));
  }),
  quiet('an editor in a terminal that somebody forgot', (workspace) =>
    workspace.compute('0', workspace.between(0, 0.002)),
  ),
  quiet('an editor on the laptop that somebody forgot', (workspace) => {
    workspace.compute('editor', workspace.between(0.003, 0.03));
    workspace.transfer('editor', workspace.between(60, 400));
  }),
  quiet('a sleep whose shell is gone', () => undefined),
  work('a download that prints nothing', 2 * HOUR, (workspace) => {
    workspace.compute('0', workspace.between(0.005, 0.03));
    workspace.network(workspace.between(60_000, 20_000_000));
  }),
  work('a slow download with its progress', 2 * HOUR, (workspace) => {
    workspace.network(6000);
    workspace.print('0');
  }),
  quiet('tail -f of a log that stands still', (workspace) => workspace.compute('0', workspace.between(0, 0.001))),
  () => ({
    name: 'tail -f of a log that grows',
    worksMs: START_MS,
    holdsMs: OUTPUT_LIMIT_MS,
    step: (workspace, atMs) => {
      typeAtFirst(workspace, atMs);
      if (workspace.chance(100)) workspace.print('0');
    },
  }),
  () => ({
    name: 'top on a terminal that somebody forgot',
    worksMs: START_MS,
    holdsMs: OUTPUT_LIMIT_MS,
    step: (workspace, atMs) => {
      typeAtFirst(workspace, atMs);
      workspace.print('0');
      workspace.compute('0', workspace.between(0.001, 0.01));
      workspace.transfer('left-open', workspace.between(800, 2500), true);
    },
  }),
  () => {
    const types = toBeat(20 * MINUTE, 20 * SECOND);
    return work('a REPL: somebody types, then it computes', 2 * HOUR, (workspace, atMs) => {
      if (atMs < HOUR) {
        if (types(workspace, atMs)) workspace.type('0');
      } else workspace.compute('0', workspace.between(0.9, 1));
    })();
  },
  work(
    'a notebook whose browser is shut while it computes',
    3 * HOUR,
    (workspace) => workspace.compute('kernel', workspace.between(0.5, 2)),
    (workspace) => workspace.compute('kernel', workspace.between(0.001, 0.015)),
  ),
  () => {
    const begins = toBeat(5 * MINUTE, 5 * MINUTE);
    return quiet('a job in the background every five minutes', (workspace, atMs) => {
      if (begins(workspace, atMs)) workspace.compute('cron', workspace.between(2, 8) / 15);
    })();
  },
  () => {
    const loads = toBeat(4 * MINUTE, 30 * SECOND);
    return work(
      'somebody who clicks through an application behind a forward',
      2 * HOUR,
      (workspace, atMs) => {
        workspace.transfer('forward', loads(workspace, atMs) ? workspace.between(25_000, 100_000) : 60);
        workspace.compute('0', workspace.between(0.01, 0.04));
      },
      (workspace) => workspace.transfer('forward', 60),
    )();
  },
  () => {
    const types = toBeat(25 * MINUTE, 20 * SECOND);
    return work('somebody who reads more than they type', 4 * HOUR, (workspace, atMs) => {
      if (types(workspace, atMs)) workspace.type('0');
    })();
  },
  () => {
    const runs = toBeat(12 * MINUTE, MINUTE);
    return work('an agent on the laptop that runs a command now and then', 4 * HOUR, (workspace, atMs) => {
      workspace.transfer('held', 5);
      if (runs(workspace, atMs)) workspace.run('held');
    })();
  },
  work('a copy into the workspace', HOUR, (workspace) =>
    workspace.transfer('scp', workspace.between(50_000, 5_000_000)),
  ),
  () => {
    const prints = toBeat(2 * MINUTE, 10 * SECOND);
    return work('a wait for another machine that prints a line now and then', 3 * HOUR, (workspace, atMs) => {
      if (prints(workspace, atMs)) workspace.print('0');
    })();
  },
  quiet('strangers who knock', (workspace, atMs) => {
    for (const number of [1, 2, 3]) workspace.transfer(`stranger ${atMs} ${number}`, 200);
  }),
];
