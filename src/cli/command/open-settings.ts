import { openReporter } from '../../report/progress/open-reporter.ts';
import type { SettingsStore } from '../../workspace/choices/settings.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { openSettingsStore } from '../wiring/user-machine.ts';
import type { ProgressKind } from './progress.ts';
import { toSpell } from './spelling.ts';

/** Reports settings that were moved aside even with `--progress quiet`, because they were the user's own. */
export async function openSettings(terminal: CliTerminal, progress: ProgressKind | 'sparing'): Promise<SettingsStore> {
  const store = await openSettingsStore();
  if (store.setAside === undefined) return store;
  const kind = progress === 'json' ? 'json' : 'plain';
  const { stderr: stream, columns } = terminal;
  const reporter = openReporter({ kind, stream, columns, color: false, nowMs: Date.now, spell: toSpell({}) });
  const notice = { kind: 'settings-set-aside', path: store.path, ...store.setAside } as const;
  reporter.event({ type: 'noticed', level: 'warning', notice });
  await reporter.close();
  return store;
}
