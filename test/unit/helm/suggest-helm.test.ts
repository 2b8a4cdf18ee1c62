import { expect, it } from 'vitest';
import { suggestHelm, suggestNewerHelm } from '../../../src/adapters/helm/suggest-helm.ts';
import { toLines } from '../../spelling.ts';

const PAGE = 'https://helm.sh/docs/intro/install';
const SCRIPT = [
  'curl -fsSL https://raw.githubusercontent.com/helm/helm/main/scripts/get-helm-3 > get-helm.sh',
  'bash get-helm.sh',
];

/** What is suggested on a machine with these programs. */
const suggest = (programs: string, isRoot = false) =>
  toLines(suggestHelm({ has: (name) => programs.split(' ').includes(name), isRoot }));

it.each<[string, string, boolean, string[]]>([
  ['macOS', 'brew curl bash', false, ['brew install helm', PAGE]],
  ['Debian, whose apt has another helm', 'apt sudo curl bash', false, [...SCRIPT, PAGE]],
  ['Ubuntu with snap', 'apt snap sudo curl bash', false, ['sudo snap install helm --classic', PAGE]],
  ['Fedora', 'dnf sudo curl bash', false, ['sudo dnf install helm', PAGE]],
  ['Arch', 'pacman sudo', false, ['sudo pacman -S helm', PAGE]],
  ['openSUSE', 'zypper sudo', false, ['sudo zypper install helm', PAGE]],
  ['Alpine in a container', 'apk', true, ['apk add helm', PAGE]],
  ['Windows', 'winget choco', false, ['winget install Helm.Helm', PAGE]],
  ['Linux with Homebrew', 'brew apt sudo', false, ['brew install helm', PAGE]],
  ['a container with nothing', '', true, [PAGE]],
])('%s gets its own line', (_name, programs, isRoot, lines) => {
  expect(suggest(programs, isRoot)).toEqual(lines);
});

it.each<[string, string, string | undefined, string[]]>([
  ['Homebrew on macOS', 'brew curl bash', '/opt/homebrew/Cellar/helm/3.9.0/bin/helm', ['brew upgrade helm', PAGE]],
  [
    'Homebrew on Linux',
    'brew apt sudo',
    '/home/linuxbrew/.linuxbrew/Cellar/helm/3.9.0/bin/helm',
    ['brew upgrade helm', PAGE],
  ],
  ["Helm's script on Linux with Homebrew", 'brew apt sudo curl bash', '/usr/local/bin/helm', [...SCRIPT, PAGE]],
  ['Debian', 'apt sudo curl bash', '/usr/local/bin/helm', [...SCRIPT, PAGE]],
  ['Fedora', 'dnf sudo curl bash', '/usr/bin/helm', ['sudo dnf upgrade helm', PAGE]],
  ['snap', 'snap sudo curl bash', '/snap/helm/500/helm', ['sudo snap refresh helm', PAGE]],
  ['Alpine', 'apk', '/usr/bin/helm', ['apk add --upgrade helm', PAGE]],
  ['Windows', 'choco winget', 'C:\\ProgramData\\chocolatey\\bin\\helm.exe', ['choco upgrade kubernetes-helm', PAGE]],
  ['a path of its own, and nothing to download with', 'brew', '/opt/helm/helm', ['brew install helm', PAGE]],
  ['a program that nobody finds', '', undefined, [PAGE]],
])('%s gets a newer one from whoever put it there', (_name, programs, file, lines) => {
  const machine = { has: (name: string) => programs.split(' ').includes(name), isRoot: false };
  expect(toLines(suggestNewerHelm(file, machine))).toEqual(lines);
});
