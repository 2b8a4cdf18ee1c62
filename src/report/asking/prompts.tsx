import { Box } from 'ink';
import {
  type Field,
  type FormInput,
  type FormState,
  openForm,
  reduceForm,
  valuesOf,
} from '../../workspace/choices/form.ts';
import { interrupted } from '../../workspace/errors/errors.ts';
import { toSigns } from '../signs.ts';
import { Text } from '../text.tsx';
import { wrap, wrapLines } from '../wrap.ts';
import { type AskStreams, ask } from './ask.tsx';
import { type FormFact, FormView } from './form-view.tsx';

/** The rows of a terminal that does not tell. */
const DEFAULT_ROWS = 24;

export type { FormFact };

export interface FormQuestion {
  title: string;
  subtitle: string;
  /** What is settled already, above the fields. */
  facts?: FormFact[];
  fields: Field[];
  /** The equivalent commands for the values so far, as words that are quoted. */
  toCommands(values: Record<string, string>): string[][];
  color: boolean;
}

/** Asks a whole form and returns its values by field. */
export async function askForm(question: FormQuestion, streams: AskStreams): Promise<Record<string, string>> {
  const state = await ask<FormState>(
    {
      initial: openForm(question.fields),
      reduce: reduceForm,
      isDone: (now) => now.outcome !== 'open',
      draw: (now, columns) => (
        <FormView
          {...question}
          state={now}
          commands={question.toCommands(valuesOf(now.fields))}
          columns={columns}
          rows={streams.stream.rows || DEFAULT_ROWS}
        />
      ),
    },
    streams,
  );
  if (state.outcome === 'cancelled') throw interrupted();
  return valuesOf(state.fields);
}

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  hint: string;
}

/** One of a few. Nothing is chosen until Enter; Esc is Ctrl-C. */
export async function askChoice<Value extends string>(
  { question, options }: { question: string; options: Choice<Value>[] },
  streams: AskStreams,
): Promise<Value> {
  const state = await ask<{ index: number; outcome: 'open' | 'chosen' | 'cancelled' }>(
    {
      initial: { index: 0, outcome: 'open' },
      reduce: (now, input) => {
        if (input.kind === 'next') return { ...now, outcome: 'chosen' };
        if (input.kind === 'back') return { ...now, outcome: 'cancelled' };
        const step = input.kind === 'down' ? 1 : input.kind === 'up' ? -1 : 0;
        return { ...now, index: Math.max(0, Math.min(options.length - 1, now.index + step)) };
      },
      isDone: (now) => now.outcome !== 'open',
      draw: (now, columns) => (
        <Box flexDirection="column">
          <Text bold>{wrapLines(question, columns)}</Text>
          {options.map((option, index) => (
            <Option key={option.value} {...option} isChosen={index === now.index} columns={columns} />
          ))}
          <Text dimColor>{wrapLines(toSigns('↑↓ choose · Enter · Esc: cancel'), columns)}</Text>
        </Box>
      ),
    },
    streams,
  );
  const chosen = options[state.index];
  if (state.outcome === 'cancelled') throw interrupted();
  if (chosen === undefined) throw new Error('a choice without options');
  return chosen.value;
}

/** The hint behind its label, from the next line on below it. */
function Option({ label, hint, isChosen, columns }: Choice<string> & { isChosen: boolean; columns: number }) {
  const [first = '', ...rest] = wrap(`${label}  ${hint}`, columns - 2);
  const inFirst = first.slice(0, label.length);
  return (
    <Box>
      <Box width={2} flexShrink={0}>
        <Text>{isChosen ? '❯' : ' '}</Text>
      </Box>
      <Box flexDirection="column">
        <Text>
          {inFirst}
          <Text dimColor>{first.slice(inFirst.length)}</Text>
        </Text>
        {rest.map((line) => (
          <Text key={line} dimColor>
            {line}
          </Text>
        ))}
      </Box>
    </Box>
  );
}

/** The keys of yes and no. Anything else is no answer: a text that was pasted by mistake agrees to nothing. */
const ANSWERS = new Map([
  ['y', true],
  ['n', false],
]);

/** Yes only for `y`; Enter alone and Esc are no. */
export async function askConfirm(question: string, streams: AskStreams): Promise<boolean> {
  const state = await ask<{ answer: boolean | undefined }>(
    {
      initial: { answer: undefined },
      reduce: (now, input) => {
        if (input.kind === 'insert') return { answer: ANSWERS.get(input.text.toLowerCase()) };
        return input.kind === 'next' || input.kind === 'back' ? { answer: false } : now;
      },
      isDone: (now) => now.answer !== undefined,
      draw: (_now, columns) => {
        const lines = wrapLines(`${question} y/N`, columns);
        return (
          <Text>
            {lines.slice(0, -'y/N'.length)}
            <Text dimColor>y/N</Text>
          </Text>
        );
      },
    },
    streams,
  );
  return state.answer === true;
}

/** A secret, without an echo. Esc gives up and returns undefined. */
export async function askSecret(question: string, streams: AskStreams): Promise<string | undefined> {
  const state = await ask<Secret>(
    {
      initial: { text: '', outcome: 'open' },
      reduce: reduceSecret,
      isDone: (now) => now.outcome !== 'open',
      draw: (_now, columns) => <Text>{`${wrapLines(`${question}:`, columns)} `}</Text>,
    },
    streams,
  );
  return state.outcome === 'given' ? state.text : undefined;
}

interface Secret {
  text: string;
  outcome: 'open' | 'given' | 'refused';
}

function reduceSecret(now: Secret, input: FormInput): Secret {
  if (now.outcome !== 'open') return now;
  switch (input.kind) {
    case 'insert':
      return { ...now, text: now.text + input.text };
    case 'paste': {
      const [line = '', end] = input.text.split(/\r\n|\r|\n/);
      return { text: now.text + line, outcome: end === undefined ? 'open' : 'given' };
    }
    case 'burst':
      return input.inputs.reduce(reduceSecret, now);
    case 'backspace':
      return { ...now, text: [...now.text].slice(0, -1).join('') };
    case 'clear':
      return { ...now, text: '' };
    case 'next':
      return { ...now, outcome: 'given' };
    case 'back':
      return { ...now, outcome: 'refused' };
    default:
      return now;
  }
}
