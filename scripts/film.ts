/**
 * Films docs/screens/film.svg, the README's moving picture, from the real program: `ws up`, its shell, `ws forward`.
 * Usage: node scripts/film.ts     needs what scripts/screens.ts needs
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Frame, toAnimatedSvg } from './animated-svg.ts';
import { NewUser } from './new-user.ts';
import { TmuxScreen } from './tmux-screen.ts';

const TARGET = path.resolve(import.meta.dirname, '../docs/screens/film.svg');
const PICTURE = {
  columns: 80,
  rows: 18,
  title:
    'A terminal: ws up asks a few questions, shows its checklist and ends in a shell; ws forward then carries a port',
};
const LOOK_EVERY_MS = 40;
const KEY_MS = 35;
/** How long people need to read a new screen. */
const READ_MS = 800;
const HOLD_MS = 4000;
const PORT = 3000;

const user = new NewUser();
const terminal = new TmuxScreen({ ...PICTURE, environment: user.environment, folder: user.home });
const frames: Frame[] = [];

function look(): void {
  const { screen, cursor } = terminal.look();
  const last = frames.at(-1);
  if (last?.screen === screen && last.cursor?.column === cursor?.column && last.cursor?.row === cursor?.row) return;
  frames.push({ atMs: performance.now(), screen, cursor });
}

async function type(line: string): Promise<void> {
  for (const key of line) {
    terminal.type('-l', key);
    await sleep(KEY_MS);
  }
  await sleep(READ_MS / 3);
  terminal.type('Enter');
}

async function answer(question: RegExp): Promise<void> {
  await terminal.see(question);
  await sleep(READ_MS);
  terminal.type('Enter');
}

async function act(): Promise<void> {
  await type('ws up');
  await answer(/● Username/);
  await answer(/● User ID/);
  await answer(/● Home\n[\s\S]*❯/);
  await answer(/● Home size/);
  await answer(/❯ .*id_ed25519/);
  await answer(/--storage-class[\s\S]*--(?:identity|key)/);
  await terminal.see(/ ~ \$ *$/m);
  await sleep(READ_MS);
  await type('git --version && node --version');
  await terminal.see(/\nv\d+[\s\S]* ~ \$ *$/m);
  await sleep(READ_MS);
  await type(`python3 -m http.server ${PORT} &> server.log & disown`);
  await terminal.see(/\[1\] \d+\n.* ~ \$ *$/m);
  await type('exit');
  await terminal.see(/\n\$\s*$/);
  terminal.type('C-l');
  await type(`ws forward ${PORT}`);
  await terminal.see(/127\.0\.0\.1:3000/);
  await sleep(READ_MS);
  for (let request = 0; request < 6; request += 1) {
    await (await fetch(`http://127.0.0.1:${PORT}/`)).text();
    await sleep(READ_MS / 3);
  }
  await sleep(READ_MS);
}

const watch = setInterval(look, LOOK_EVERY_MS);
try {
  await terminal.see(/\$/);
  await act();
  look();
  writeFileSync(TARGET, toAnimatedSvg(frames, PICTURE, HOLD_MS));
} finally {
  clearInterval(watch);
  terminal[Symbol.dispose]();
  user[Symbol.dispose]();
}
