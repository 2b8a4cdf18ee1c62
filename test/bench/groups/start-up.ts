import type { Group } from '../group.ts';
import { race } from '../measure.ts';
import { toRow } from '../rows.ts';

/** What every command pays before it does anything. */
export const measureStartUp: Group = async ({ stage, rounds }) => {
  const [node, version, help] = await race(
    [
      { name: '`node -e 0`', run: () => stage.run([process.execPath, '-e', '0']) },
      { name: '`ws --version`', run: () => stage.run(stage.ws('--version')) },
      { name: '`ws --help`', run: () => stage.run(stage.ws('--help')) },
    ],
    rounds * 2,
  );
  const note = 'it reads the manifest of the commands and their flags, and loads nothing else';
  return { rows: [toRow(version, node, 1.5), toRow(help, node, 1.5, { note })] };
};
