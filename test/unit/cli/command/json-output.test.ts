import { expect, it, vi } from 'vitest';
import { BaseCommand } from '../../../../src/cli/command/base-command.ts';

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
