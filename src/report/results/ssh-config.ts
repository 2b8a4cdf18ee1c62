/** What `ws config-ssh` says. */
import type { Spell } from '../../workspace/errors/spell.ts';
import { type Command, ws } from '../../workspace/errors/suggestion.ts';
import type { LateHost } from '../../workspace/ssh-config/host-names.ts';
import { fit, leadTo, type Note } from '../notes.ts';

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
  /** What logs in to a host: ssh may have to be told of the file. Undefined where ssh does not run. */
  toSshCommand(host: string): Command | undefined;
  spell: Spell;
  /** Of the terminal; undefined where there is none. */
  columns: number | undefined;
}

/** What was written, and what to type next. */
export function formatWritten(
  { hosts, includeLine, included, changed }: Written,
  { usersFile, namespace, toSshCommand, spell, columns }: Where,
): string {
  const [host, ...others] = hosts;
  const login = host === undefined ? undefined : toSshCommand(host);
  return [
    ...fit(changed.length === 0 ? 'Nothing changed.' : `Wrote ${changed.join(', ')}.`, columns),
    ...(included ? [] : [`First put this line at the top of ${usersFile}:\n  ${includeLine}`]),
    ...(others.length === 0 ? [] : fit(`Hosts: ${hosts.join(', ')}`, columns)),
    ...(host === undefined
      ? leadTo(`No workspace in namespace ${namespace}; make one`, spell(ws`up`).line, columns)
      : []),
    ...(login === undefined ? [] : leadTo(included ? 'Try it' : 'Then try it', spell(login).line, columns)),
  ].join('\n');
}

export function listDamagedNotes(damaged: string[], spell: Spell): Note[] {
  return damaged.map((workspace) => ({
    text: `workspace ${workspace} is damaged and gets no host; see:`,
    command: spell({ ...ws`status`, workspace }).line,
  }));
}

/** Whoever types `ssh ws-dev` reaches another workspace than this one. */
export function listLateNotes(late: LateHost[]): string[] {
  return late.map(
    ({ workspace, name, holder }) =>
      `ssh knows ${workspace} as ${name}: ${holder.name} leads to namespace ${holder.namespace} of context ${holder.context}`,
  );
}

export function listPinNotes(unpinned: { workspace: string; error: Error }[]): string[] {
  return unpinned.map(({ workspace, error }) => `the host key of ${workspace} is not pinned: ${error.message}`);
}
