import { Box } from 'ink';
import {
  type Field,
  type FormState,
  findFormFault,
  firstLetter,
  type ListField,
  type TextField,
  valuesOf,
} from '../../workspace/choices/form.ts';
import { cut } from '../columns.ts';
import { toSigns } from '../signs.ts';
import { Text } from '../text.tsx';
import { wrap, wrapCommand } from '../wrap.ts';

/** A row of the form that nobody is asked about. */
export interface FormFact {
  label: string;
  text: string;
}

interface Props {
  title: string;
  subtitle: string;
  facts?: FormFact[];
  state: FormState;
  /** The commands that would do the same without asking. */
  commands: string[][];
  color: boolean;
  columns: number;
  /** Rows of the terminal: long lists scroll within them. */
  rows: number;
}

const LABEL_WIDTH = 14;

/** Rows that everything but an open list may take. */
const OTHER_ROWS = 14;

/** All fields at once, the one with the keyboard open. A function of the state. */
export function FormView({ title, subtitle, facts = [], state, commands, color, columns, rows }: Props) {
  const values = valuesOf(state.fields);
  const asked = state.fields.filter((field) => field.isAsked(values));
  const current = state.fields[state.at];
  const isReview = current === undefined;
  return (
    <Box flexDirection="column">
      <Text>
        <Text bold>{title}</Text>
        <Text dimColor>{`  ${subtitle}`}</Text>
      </Text>
      <Text> </Text>
      {facts.map((fact) => (
        <FactView key={fact.label} {...fact} color={color} columns={columns} />
      ))}
      {asked.map((field) => (
        <FieldView
          key={field.id}
          field={field}
          isOpen={field === current}
          isPast={isReview || state.fields.indexOf(field) < state.at}
          fault={field === current ? findFormFault(state) : undefined}
          color={color}
          columns={columns}
          rows={Math.max(4, rows - OTHER_ROWS)}
        />
      ))}
      {isReview ? (
        <Box flexDirection="column" marginTop={1}>
          <Text dimColor>The same without questions:</Text>
          {commands
            .flatMap((command) => wrapCommand(command, columns - 2))
            .map((line) => (
              <Text key={line}>{`  ${line}`}</Text>
            ))}
        </Box>
      ) : null}
      <Text> </Text>
      {state.outcome === 'submitted' ? null : (
        <Text dimColor>{wrap(toSigns(describeEnd(state)), columns).join('\n')}</Text>
      )}
    </Box>
  );
}

function describeEnd({ isLeaving, fields, at }: FormState): string {
  if (isLeaving === true) return 'Esc again: leave, and make nothing';
  const current = fields[at];
  if (current === undefined) return 'Enter: bring it up · Esc: back · Ctrl-C: cancel';
  return `${current.kind === 'list' ? '↑↓ choose · ' : ''}Enter: next · Esc: back · Ctrl-C: cancel`;
}

function FactView({ label, text, color, columns }: FormFact & { color: boolean; columns: number }) {
  return (
    <Box>
      <Box width={2} flexShrink={0}>
        <Text {...(color ? { color: 'green' } : {})}>✓</Text>
      </Box>
      <Box width={LABEL_WIDTH} flexShrink={0}>
        <Text>{label}</Text>
      </Box>
      <Text>{wrap(text, columns - 2 - LABEL_WIDTH).join('\n')}</Text>
    </Box>
  );
}

function FieldView({
  field,
  isOpen,
  isPast,
  fault,
  color,
  columns,
  rows,
}: {
  field: Field;
  isOpen: boolean;
  isPast: boolean;
  fault: string | undefined;
  color: boolean;
  columns: number;
  rows: number;
}) {
  const room = columns - 2 - LABEL_WIDTH;
  const mark = isOpen ? '●' : isPast ? '✓' : '○';
  const tone = isOpen ? 'cyan' : isPast ? 'green' : undefined;
  return (
    <Box flexDirection="column">
      <Box>
        <Box width={2} flexShrink={0}>
          <Text {...(color && tone !== undefined ? { color: tone } : {})}>{mark}</Text>
        </Box>
        <Box width={LABEL_WIDTH} flexShrink={0}>
          <Text bold={isOpen} dimColor={!isOpen && !isPast}>
            {field.label}
          </Text>
        </Box>
        {field.kind === 'text' ? (
          <TextValue field={field} isOpen={isOpen} room={room} />
        ) : isOpen ? null : (
          <Text wrap="truncate-end" dimColor={!isPast}>
            {isPast ? cut(field.options[field.index]?.label ?? '', room) : ''}
          </Text>
        )}
      </Box>
      {isOpen && field.kind === 'list' ? <Options field={field} color={color} columns={columns} rows={rows} /> : null}
      {fault === undefined ? null : (
        <Box marginLeft={LABEL_WIDTH + 2}>
          <Text {...(color ? { color: 'yellow' } : {})}>{fault}</Text>
        </Box>
      )}
    </Box>
  );
}

function TextValue({ field, isOpen, room }: { field: TextField; isOpen: boolean; room: number }) {
  const origin = field.origin === '' ? null : <Text dimColor>{`  ${field.origin}`}</Text>;
  if (!isOpen) return <Text wrap="truncate-end">{cut(field.value, room)}</Text>;
  const under = firstLetter(field.value.slice(field.cursor));
  // A value that the first letter would replace looks like one that nobody typed.
  const isReplaced = (field.origin !== '' || field.isRevisited === true) && field.isEdited !== true;
  return (
    <Text>
      <Text dimColor={isReplaced}>{field.value.slice(0, field.cursor)}</Text>
      <Text inverse>{under === '' ? ' ' : under}</Text>
      {field.value.slice(field.cursor + under.length)}
      {origin}
    </Text>
  );
}

function Options({ field, color, columns, rows }: { field: ListField; color: boolean; columns: number; rows: number }) {
  const first = Math.max(0, Math.min(field.index - Math.floor(rows / 2), field.options.length - rows));
  const shown = field.options.slice(first, first + rows);
  return (
    <Box flexDirection="column" marginLeft={2}>
      {shown.map((option) => {
        const isChosen = option === field.options[field.index];
        // Cut here and not by Ink, whose mark some terminals lack.
        const line = cut(option.detail === '' ? option.label : `${option.label}  ${option.detail}`, columns - 4);
        const detail = line.slice(option.label.length);
        return (
          <Text key={option.value} wrap="truncate-end" {...(isChosen && color ? { color: 'cyan' } : {})}>
            {isChosen ? '❯ ' : '  '}
            {line.slice(0, option.label.length)}
            {detail === '' ? '' : <Text dimColor>{detail}</Text>}
          </Text>
        );
      })}
      {field.options.length > shown.length ? (
        <Text dimColor>{`  ${field.index + 1} of ${field.options.length}`}</Text>
      ) : null}
    </Box>
  );
}
