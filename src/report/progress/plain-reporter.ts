import { hasCode } from '../../workspace/errors/errors.ts';
import { toPrintable } from '../../workspace/errors/printable.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import type { Fact, ProgressEvent, StepId } from '../../workspace/state/events.ts';
import { toHints } from '../hints.ts';
import { say } from '../leaving.ts';
import { wrap } from '../wrap.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';
import { INTERRUPTED } from './step-lines.ts';
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
  const tellFact = (text: string) => {
    for (const line of foldLine(toPrintable(text, { oneLine: true }), stream.columns)) tell(line);
  };
  let isSuspended = false;
  const heartbeat = setInterval(() => {
    if (running === undefined || isSuspended) return;
    const seconds = Math.round((nowMs() - (startedAtMs.get(running.step) ?? nowMs())) / 1000);
    if (seconds === 0) return;
    const fact = toPrintable(withFact(running.fact), { oneLine: true });
    const line = `  still ${lowerFirst(titleOf(running.step, false))} (${seconds} s)${fact}`;
    say(stream, `${foldLine(line, stream.columns).join('\n')}\n`);
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
    fail(error) {
      if (running !== undefined && hasCode(error, 'INTERRUPTED'))
        tellFact(`${titleOf(running.step, false)}: ${INTERRUPTED}`);
    },
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
        return tellFact(`  ${titleOf(event.step, false)}${withFact(event.fact)}`);
      case 'finished':
        running = undefined;
        return tellFact(`${titleOf(event.step, true, event.fact)}${withFact(event.fact)}`);
      case 'noticed': {
        for (const line of toNoticeLines(event, spell, stream.columns)) tell(line);
      }
    }
  }
}

/** A notice in full, as a log has it. */
export function toNoticeLines({ level, notice }: Noticed, spell: Spell, columns?: number): string[] {
  const { text, suggestion } = describeNotice(notice);
  const [first = '', ...more] = text.split('\n');
  const said = [`${level === 'warning' ? 'Note: ' : ''}${first}`, ...more.map((line) => `  ${line}`)];
  // A command stays on one line, to be copied.
  const hints = toHints(suggestion, spell, columns ? columns - 2 : undefined).map((line) => `  ${line}`);
  return [...said.flatMap((line) => foldLine(line, columns)), ...hints];
}

/** A line as a terminal of so many columns has it: broken between words. A word that is longer stays whole. */
export function foldLine(line: string, columns: number | undefined): string[] {
  if (!columns) return [line];
  const [, indent = '', text = ''] = /^( *)(.*)$/s.exec(line) ?? [];
  return wrap(text, columns - indent.length - 2).map((part, index) => `${indent}${index === 0 ? '' : '  '}${part}`);
}

/** A fact behind a step's title. */
export function withFact(fact: Fact | undefined): string {
  const words = fact === undefined ? '' : describeFact(fact);
  return words === '' ? '' : `: ${words}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
