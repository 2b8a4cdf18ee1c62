import { expect, it } from 'vitest';
import { suggestHelm } from '../../../src/adapters/helm/suggest-helm.ts';
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
