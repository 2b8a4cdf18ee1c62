/** What `ws config-ssh` says. */
import type { Spell } from '../../workspace/errors/spell.ts';
import { type Command, ws } from '../../workspace/errors/suggestion.ts';

interface Written {
  hosts: string[];
  includeLine: string;
  /** Whether the user's configuration has the line. */
  included: boolean;
  changed: string[];
}

interface Where {
  usersFile: string;
  namespace: string;
  /** What logs in to a host: ssh may have to be told of the file. */
  toSshCommand(host: string): Command;
  spell: Spell;
}

/** What was written, and what to type next. */
export function formatWritten(
  { hosts, includeLine, included, changed }: Written,
  { usersFile, namespace, toSshCommand, spell }: Where,
): string {
  const [host, ...others] = hosts;
  return [
    changed.length === 0 ? 'Nothing changed.' : `Wrote ${changed.join(', ')}.`,
    ...(included ? [] : [`First put this line at the top of ${usersFile}:\n  ${includeLine}`]),
    ...(others.length === 0 ? [] : [`Hosts: ${hosts.join(', ')}`]),
    host === undefined
      ? `No workspace in namespace ${namespace}; make one: ${spell(ws`up`).line}`
      : `${included ? 'Try it' : 'Then try it'}: ${spell(toSshCommand(host)).line}`,
  ].join('\n');
}

export function listDamagedNotes(damaged: string[], spell: Spell): string[] {
  return damaged.map(
    (workspace) =>
      `workspace ${workspace} is damaged and gets no host; see: ${spell({ ...ws`status`, workspace }).line}`,
  );
}

export function listPinNotes(unpinned: { workspace: string; error: Error }[]): string[] {
  return unpinned.map(({ workspace, error }) => `the host key of ${workspace} is not pinned: ${error.message}`);
}
