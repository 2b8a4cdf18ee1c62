/**
 * Draws docs/screens/*.svg from the real program: runs the built app in tmux, 80 columns by 24 rows, as a new user on
 * the cluster that KUBECONFIG names, and turns what the terminal shows into pictures. scripts/film.ts makes the moving
 * one.
 * Usage: node scripts/screens.ts     needs tmux, helm, kubectl, a build (`npm run build`) and the image in the cluster
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { toSvg } from './ansi-to-svg.ts';
import { NewUser } from './new-user.ts';
import { TmuxScreen } from './tmux-screen.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const TARGET = path.join(ROOT, 'docs/screens');
const COLUMNS = 80;
const ROWS = 24;

const user = new NewUser();
const terminal = new TmuxScreen({ columns: COLUMNS, rows: ROWS, environment: user.environment, folder: user.home });

function draw(name: string, screen: string, title: string): void {
  writeFileSync(path.join(TARGET, `${name}.svg`), toSvg(screen, COLUMNS, title));
  process.stderr.write(`docs/screens/${name}.svg\n`);
}

/** Types a command on a cleared screen, and draws what it shows. */
async function show(name: string, command: string, wanted: RegExp, title: string): Promise<void> {
  await terminal.start(command);
  draw(name, await terminal.see(wanted), title);
}

async function goThroughUp(): Promise<void> {
  terminal.type('ws up dev', 'Enter');
  await terminal.see(/● Username/);
  terminal.type('Enter');
  await terminal.see(/● User ID/);
  terminal.type('Enter');
  draw(
    'up-form',
    await terminal.see(/● Home\n[\s\S]*❯/),
    'The form of ws up, at the question for the storage class of the home',
  );
  terminal.type('Enter');
  await terminal.see(/● Home size/);
  terminal.type('Enter');
  await terminal.see(/❯ .*id_ed25519/);
  terminal.type('Enter');
  draw(
    'up-review',
    await terminal.see(/--storage-class[\s\S]*--identity/),
    'The review at the end of the form, with its command',
  );
  terminal.type('Enter');
  await terminal.see(/dev ~ \$/);
  terminal.type('python3 -m http.server --bind 127.0.0.1 3000 >/dev/null 2>&1 & disown; exit', 'Enter');
  await terminal.see(/\n\$\s*$/);
}

async function drawAll(): Promise<void> {
  await terminal.see(/\$/);
  await goThroughUp();
  terminal.type('ws up build --yes --no-shell && ws down build --keep-home', 'Enter');
  await terminal.see(/Kept: [\s\S]*\$\s*$/);
  await show('ls', 'ws ls', /ready[\s\S]*\$\s*$/, 'The list of workspaces that ws ls prints');
  await show('status', 'ws status dev', /SHA256[\s\S]*\$\s*$/, 'One workspace in depth: ws status');
  await show('forward', 'ws forward 3000 8080:3000', /127\.0\.0\.1:8080/, 'The table of ws forward');
  terminal.type('C-c');
  await terminal.see(/\$\s*$/);
  await show('error', 'ws up new --storage-class fast --yes', /STORAGE_CLASS[\s\S]*\$\s*$/, 'An error screen');
  await terminal.start('ws down dev');
  draw('down', await terminal.see(/Take down workspace dev/), 'The question of ws down, what becomes of the home');
  terminal.type('C-c');
}

mkdirSync(TARGET, { recursive: true });
try {
  await drawAll();
} finally {
  terminal[Symbol.dispose]();
  user[Symbol.dispose]();
}
