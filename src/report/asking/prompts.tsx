import { Box } from 'ink';
import { type Field, type FormState, openForm, reduceForm, valuesOf } from '../../workspace/choices/form.ts';
import { Text } from '../text.tsx';
import { type AskStreams, ask } from './ask.tsx';
import { FormView } from './form-view.tsx';

/** The size of a terminal that does not tell. */
const DEFAULT_SIZE = { columns: 80, rows: 24 };

export interface FormQuestion {
  title: string;
  subtitle: string;
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
      draw: (now) => (
        <FormView
          {...question}
          state={now}
          commands={question.toCommands(valuesOf(now.fields))}
          columns={streams.stream.columns || DEFAULT_SIZE.columns}
          rows={streams.stream.rows || DEFAULT_SIZE.rows}
        />
      ),
    },
    streams,
  );
  return valuesOf(state.fields);
}

export interface Choice<Value extends string> {
  value: Value;
  label: string;
  hint: string;
}

/** One of a few. Nothing is chosen until Enter. */
export async function askChoice<Value extends string>(
  { question, options }: { question: string; options: Choice<Value>[] },
  streams: AskStreams,
): Promise<Value> {
  const state = await ask(
    {
      initial: { index: 0, isDone: false },
      reduce: (now, input) => {
        if (input.kind === 'next') return { ...now, isDone: true };
        const step = input.kind === 'down' ? 1 : input.kind === 'up' ? -1 : 0;
        return { ...now, index: Math.max(0, Math.min(options.length - 1, now.index + step)) };
      },
      isDone: (now) => now.isDone,
      draw: (now) => (
        <Box flexDirection="column">
          <Text bold>{question}</Text>
          {options.map((option, index) => (
            <Text key={option.value}>
              {index === now.index ? '❯ ' : '  '}
              {option.label}
              <Text dimColor>{`  ${option.hint}`}</Text>
            </Text>
          ))}
          <Text dimColor>↑↓ choose · Enter · Ctrl-C: cancel</Text>
        </Box>
      ),
    },
    streams,
  );
  const chosen = options[state.index];
  if (chosen === undefined) throw new Error('a choice without options');
  return chosen.value;
}

/** Yes only for `y`; Enter alone is no. */
export async function askConfirm(question: string, streams: AskStreams): Promise<boolean> {
  const state = await ask<{ answer: boolean | undefined }>(
    {
      initial: { answer: undefined },
      reduce: (now, input) =>
        input.kind === 'insert'
          ? { answer: input.text.toLowerCase().startsWith('y') }
          : input.kind === 'next' || input.kind === 'back'
            ? { answer: false }
            : now,
      isDone: (now) => now.answer !== undefined,
      draw: () => (
        <Text>
          {question}
          {question.endsWith('\n') ? '' : ' '}
          <Text dimColor>y/N</Text>
        </Text>
      ),
    },
    streams,
  );
  return state.answer === true;
}

/** A secret, without an echo. Esc gives up and returns undefined. */
export async function askSecret(question: string, streams: AskStreams): Promise<string | undefined> {
  const state = await ask<{ text: string; outcome: 'open' | 'given' | 'refused' }>(
    {
      initial: { text: '', outcome: 'open' },
      reduce: (now, input) => {
        switch (input.kind) {
          case 'insert':
            return { ...now, text: now.text + input.text };
          case 'backspace':
            return { ...now, text: now.text.slice(0, -1) };
          case 'clear':
            return { ...now, text: '' };
          case 'next':
            return { ...now, outcome: 'given' };
          case 'back':
            return { ...now, outcome: 'refused' };
          default:
            return now;
        }
      },
      isDone: (now) => now.outcome !== 'open',
      draw: () => <Text>{`${question}: `}</Text>,
    },
    streams,
  );
  return state.outcome === 'given' ? state.text : undefined;
}
