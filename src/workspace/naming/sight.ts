/** What a look in passing says of a workspace, and what to do where it is not there. */
import type { WorkspaceState } from '../diagnosis/diagnosis.ts';
import type { WorkspaceError } from '../errors/errors.ts';
import { type Suggestion, ws } from '../errors/suggestion.ts';

/** What the cluster says of a name, or of none. */
export type Sight =
  /** `name` may be another one than was asked for: `ws-dev` is `dev`. */
  | { kind: 'there'; name: string; state: WorkspaceState }
  /** With all names that are there, and the nearest of them. */
  | { kind: 'absent'; names: string[]; near?: string | undefined }
  /** There is not even the namespace. */
  | { kind: 'nowhere'; fault: WorkspaceError }
  /** None was named, and these are there. */
  | { kind: 'several'; names: string[] }
  /** The cluster did not answer in time, or not to this user. */
  | { kind: 'unknown'; reason: string };

/** It is no failure: whoever binds a name may make the workspace afterwards. */
export interface Absence {
  message: string;
  suggestions: readonly Suggestion[];
}

/** Beyond these, the list of all is of more use. */
const SHOWN = 10;

/** Undefined where the workspace is there. */
export function findAbsence(sight: Sight): Absence | undefined {
  switch (sight.kind) {
    case 'there':
      return undefined;
    case 'absent': {
      const { names, near } = sight;
      if (names.length === 0) return { message: 'There is none yet. Make it:', suggestions: [ws`up`] };
      // The name may have been a flag's.
      const use = near === undefined ? [] : [{ ...ws`use ${near}`, again: { without: ['workspace'] } }];
      return {
        message: `There is none of this name yet. There is: ${enumerate(names)}`,
        suggestions: [...use, { ...ws`up`, note: 'makes it' }],
      };
    }
    case 'nowhere':
      return { message: `${sight.fault.message}.`, suggestions: sight.fault.suggestions };
    case 'several':
      return {
        message: `Which one is not said; there is: ${sight.names.join(', ')}`,
        suggestions: sight.names.slice(0, 3).map((name) => ws`use ${name}`),
      };
    case 'unknown':
      return { message: `The cluster could not be asked whether it is there: ${sight.reason}`, suggestions: [] };
  }
}

function enumerate(names: string[]): string {
  const rest = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${rest}`;
}
