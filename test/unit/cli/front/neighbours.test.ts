import { describe, expect, it } from 'vitest';
import { listNeighbours } from '../../../../src/cli/front/meant/neighbours.ts';
import { catalogue, listProposed, listProposedWords, typeLine } from './type-line.ts';

/** What might be typed behind a word. */
const BEHIND = [
  [],
  ['dev'],
  ['pod', 'dev'],
  ['dev', '-n', 'team', '--json'],
  ['dev', '--force'],
  ['dev', 'ls', '-la'],
  ['-it', 'dev', '--', 'bash', '-c', 'echo "$HOME"'],
  ['dev', '3000'],
  ['a b.txt', 'dev:it'],
  ['-f', 'x.yaml'],
];

const topics = ['config', 'homes', 'keys'];
const places = [[], ...topics.map((topic) => [topic])];
const words = places.flatMap((path) =>
  [...listNeighbours(path, catalogue.listNext(path)).keys()].map((word): [string[]] => [[...path, word]]),
);

describe('the words of other tools', () => {
  it('are many', () => expect(words.length).toBeGreaterThan(80));

  it.each(words)('ws %j is no command of ours, and leads to lines that can be run', async (path) => {
    expect(catalogue.find(path)).toBeUndefined();
    for (const behind of BEHIND) {
      const proposed = await listProposedWords([...path, ...behind]);
      expect(proposed.length, String(behind)).toBeGreaterThan(0);
      for (const typed of proposed) {
        if (typed[0] === 'scp') continue;
        // What is still to be said, the command itself asks for.
        const fault = await typeLine(typed).then(
          () => undefined,
          (error: Error) => error.message,
        );
        expect(fault ?? 'needs nothing', `${behind}: ${typed.join(' ')}`).toMatch(/needs|cannot be a workspace's name/);
      }
    }
  });

  it.each<[string, string[]]>([
    ['list', ['ws ls']],
    ['list dev', ['ws status dev']],
    ['ps -a', ['ws ls --all-namespaces']],
    ['get pods -o json', ['ws ls --json']],
    ['rm -rf dev', ['ws down dev']],
    ['get pods -n x', ['ws ls -n x']],
    ['exec dev', ['ws ssh dev']],
    ['exec -it dev -- bash -l', ['ws ssh dev --tty -- bash -l']],
    ['exec dev ls -t', ['ws ssh dev -- ls -t']],
    ['exec -n x dev dev', ['ws ssh -n x dev -- dev']],
    ['shell', ['ws ssh']],
    ['exec dev -- ls', ['ws ssh dev -- ls']],
    ['exec -it dev bash', ['ws ssh dev --tty -- bash']],
    ['exec -w dev ls -la', ['ws ssh -w dev -- ls -la']],
    ['shell dev', ['ws ssh dev']],
    ['attach dev', ['ws ssh dev']],
    ['run make test', ['ws ssh -- make test', 'ws ssh make -- test']],
    ['run dev make test', ['ws ssh dev -- make test']],
    ['run web make -j4', ['ws ssh -- web make -j4', 'ws ssh web -- make -j4']],
    ['run web -- make -j4', ['ws ssh web -- make -j4']],
    ['run -w web make -j4', ['ws ssh -w web -- make -j4']],
    ['run -- make -j4', ['ws ssh -- make -j4']],
    ['run make', ['ws ssh -- make']],
    ['cp dev:x y', ['ws config-ssh', 'scp ws-dev:x y']],
    ['create dev --cpu 2', ['ws up dev --cpu 2']],
    ['delete workspace dev', ['ws down dev']],
    ['delete dev --dry-run', ['ws down --help']],
    ['stop dev', ['ws down dev --keep-home']],
    ['restart dev', ['ws down dev --keep-home', 'ws up dev']],
    ['port-forward 3000', ['ws forward 3000']],
    ['describe dev', ['ws status dev']],
    ['cp -r src dev:src', ['ws config-ssh', 'scp -r src ws-dev:src']],
    ['code .', ['ws config-ssh']],
    ['config list', ['ws config ls']],
    ['config delete size', ['ws config unset size']],
    ['keys list dev', ['ws keys ls dev']],
    ['homes delete dev', ['ws homes rm dev']],
    ['STOP dev', ['ws down dev --keep-home']],
    ['delte dev', ['ws down dev']],
  ])('ws %s leads to %j', async (line, proposed) => {
    expect(await listProposed(line.split(' '))).toEqual(proposed);
  });
});
