import { toPrintable } from '../../workspace/errors/printable.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import type { Fact, ProgressEvent, StepId } from '../../workspace/state/events.ts';
import { toHints } from '../hints.ts';
import { say } from '../leaving.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { describeFact, describeNotice, titleOf } from './wording.ts';

type Noticed = Extract<ProgressEvent, { type: 'noticed' }>;

/** How often a wait without news repeats itself, so that a log shows that nothing hangs. */
const HEARTBEAT_MS = 10_000;

/** One line per change, for logs, pipes and terminals that cannot be drawn on. */
export function createPlainReporter({ stream, nowMs, spell }: ReporterOptions): Reporter {
  const startedAtMs = new Map<StepId, number>();
  let running: { step: StepId; fact: Fact | undefined } | undefined;
  let lastLine = '';
  const tell = (text: string) => {
    const line = toPrintable(text, { oneLine: true });
    if (line !== lastLine) say(stream, `${line}\n`);
    lastLine = line;
  };
  let isSuspended = false;
  const heartbeat = setInterval(() => {
    if (running === undefined || isSuspended) return;
    const seconds = Math.round((nowMs() - (startedAtMs.get(running.step) ?? nowMs())) / 1000);
    const fact = toPrintable(withFact(running.fact), { oneLine: true });
    say(stream, `  still ${lowerFirst(titleOf(running.step, false))} (${seconds} s)${fact}\n`);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    event: (event) => hear(event),
    suspend: async () => {
      isSuspended = true;
    },
    resume: () => {
      isSuspended = false;
    },
    fail: () => undefined,
    close: async () => clearInterval(heartbeat),
  };

  function hear(event: ProgressEvent): void {
    switch (event.type) {
      case 'planned':
        return;
      case 'started':
        startedAtMs.set(event.step, nowMs());
        running = { step: event.step, fact: undefined };
        return;
      case 'advanced':
        running = { step: event.step, fact: event.fact };
        return tell(`  ${titleOf(event.step, false)}${withFact(event.fact)}`);
      case 'finished':
        running = undefined;
        return tell(`${titleOf(event.step, true)}${withFact(event.fact)}`);
      case 'noticed': {
        for (const line of toNoticeLines(event, spell)) tell(line);
      }
    }
  }
}

/** A notice in full, as a log has it. */
export function toNoticeLines({ level, notice }: Noticed, spell: Spell): string[] {
  const { text, suggestion } = describeNotice(notice);
  const [first = '', ...more] = text.split('\n');
  const rest = [...more, ...toHints(suggestion, spell)].map((line) => `  ${line}`);
  return [`${level === 'warning' ? 'Note: ' : ''}${first}`, ...rest];
}

/** A fact behind a step's title. */
export function withFact(fact: Fact | undefined): string {
  const words = fact === undefined ? '' : describeFact(fact);
  return words === '' ? '' : `: ${words}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
