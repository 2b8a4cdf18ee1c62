import type { Choices } from '../../workspace/choices/chosen.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';

/** What is to be made or changed, as far as the checks before a write need it. */
export interface Asked {
  workspace: string;
  choices: Choices;
  /** Users' own values files, lowest precedence first. */
  valuesFiles: string[];
  found: WorkspaceSnapshot | undefined;
}
