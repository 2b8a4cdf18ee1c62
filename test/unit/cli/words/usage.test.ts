import { expect, it } from 'vitest';
import type { KnownArgument } from '../../../../src/cli/words/judged.ts';
import { missingArguments } from '../../../../src/cli/words/usage.ts';

const both = { name: 'shell', description: 'your shell', options: ['bash', 'zsh'] };

it.each<[string | undefined, KnownArgument[]]>([
  ['SHELL: your shell, bash or zsh', [both]],
  ['SHELL: bash or zsh', [{ name: 'shell', options: ['bash', 'zsh'] }]],
  ['SHELL: your shell', [{ name: 'shell', description: 'your shell' }]],
  [undefined, [{ name: 'shell' }]],
  [undefined, [both, { name: 'time', description: 'how long' }]],
])('says "%s" of what is missing', (reason, missing) => {
  expect(missingArguments(missing, 'x').reason).toBe(reason);
});
