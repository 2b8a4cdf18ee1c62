import { diagnose } from '../diagnosis/diagnosis.ts';
import type { WorkspaceSnapshot } from '../state/snapshot.ts';
import { failure } from './errors.ts';
import { ws } from './suggestion.ts';

/** The error of a workspace whose objects say what the chart never writes: nothing is done by their word. */
export function workspaceDamaged(snapshot: WorkspaceSnapshot) {
  const { trouble } = diagnose(snapshot);
  return failure('WORKSPACE_DAMAGED', {
    message: `Workspace ${snapshot.name} is damaged, and nobody logs in to it`,
    ...(trouble === undefined ? {} : { reason: trouble.message }),
    suggestions: [
      ...(trouble?.suggestion === undefined ? [] : [trouble.suggestion]),
      { ...ws`up --repair`, workspace: snapshot.name, note: 'writes it anew, where it is a release of yours' },
    ],
  });
}
