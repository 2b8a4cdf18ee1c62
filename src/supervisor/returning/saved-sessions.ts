/** tmux's panes as what is kept of them. */
import type { SavedPane, SavedSession, SavedWindow } from './saved.ts';
import type { Pane } from './tmux/panes.ts';

/** What a pane has besides its place. */
export interface Described {
  folder: string;
  command: string | undefined;
  agent: SavedPane['agent'];
  job: SavedPane['job'];
}

/** The panes in their order; `files` has what each showed. */
export function toSessions(panes: Pane[], described: Described[], files: ReadonlyMap<string, string>): SavedSession[] {
  const saved = panes.map((pane, number) => {
    const { folder = '/', command, agent, job } = described[number] ?? {};
    const file = files.get(pane.pane);
    return {
      pane,
      saved: {
        folder,
        ...(command === undefined ? {} : { command }),
        ...(agent === undefined ? {} : { agent }),
        ...(file === undefined ? {} : { scrollback: file }),
        isActive: pane.isActivePane,
        ...(job === undefined ? {} : { job }),
      } satisfies SavedPane,
    };
  });
  return [...Map.groupBy(saved, ({ pane }) => pane.session).values()].map((ofSession) => ({
    name: ofSession[0]?.pane.sessionName ?? '',
    windows: [...Map.groupBy(ofSession, ({ pane }) => pane.window).values()].map((ofWindow) =>
      toWindow(
        ofWindow.map(({ pane }) => pane),
        ofWindow.map((each) => each.saved),
      ),
    ),
  }));
}

function toWindow([pane]: Pane[], panes: SavedPane[]): SavedWindow {
  return {
    index: pane?.windowIndex ?? 0,
    ...(pane?.isNamed ? { name: pane.windowName } : {}),
    layout: pane?.layout ?? '',
    columns: pane?.columns ?? 80,
    rows: pane?.rows ?? 24,
    isActive: pane?.isActiveWindow ?? false,
    isZoomed: pane?.isZoomed ?? false,
    panes,
  };
}
