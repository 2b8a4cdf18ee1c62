import { expect, it, vi } from 'vitest';
import { BaseCommand } from '../../../../src/cli/command/base-command.ts';
import { globalFlags } from '../../../../src/cli/command/global-flags.ts';

class One extends BaseCommand<typeof One> {
  async run(): Promise<{ a: number }> {
    this.log('said to a person');
    return { a: 1 };
  }
}

it('a command prints its document with --json, and nothing else', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await One.run(['--json'], { root: process.cwd() });
    expect(write.mock.calls.map(([text]) => String(text)).join('')).toBe('{\n  "v": 1,\n  "a": 1\n}\n');
  } finally {
    write.mockRestore();
  }
});

class WithoutJson extends BaseCommand<typeof WithoutJson> {
  static override enableJsonFlag = false;
  static override baseFlags = globalFlags;
  static override strict = false;

  async run(): Promise<void> {}
}

it.each([
  [['--json'], true],
  [['x', '--json'], true],
  [['--nothing'], false],
  [['--nothing', '--', '--json'], false],
])('whoever types %j at a command that has no --json gets its error as it was asked for', async (words, isDocument) => {
  const [out, err] = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  const before = process.exitCode;
  try {
    await WithoutJson.run(words, { root: process.cwd() });
    const said = (spy: typeof out) => (spy?.mock.calls ?? []).map(([text]) => String(text)).join('');
    expect(process.exitCode).toBe(2);
    if (isDocument) expect(JSON.parse(said(out))).toMatchObject({ v: 1, error: { code: 'BAD_VALUE' } });
    expect([said(out) !== '', said(err).includes('has no flag')]).toEqual([isDocument, !isDocument]);
  } finally {
    process.exitCode = before;
    vi.restoreAllMocks();
  }
});
