import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { hearGreeting } from '../../../../src/adapters/kubernetes/ways/hear-greeting.ts';
import { hasGreeting } from '../../../../src/operations/ready/greeting.ts';
import { NEVER } from '../fake-world.ts';

it('is heard by one after the other, and stays in the stream', async () => {
  const stream = new PassThrough();
  stream.write('SSH-2.0-x\r\n');
  expect(await hearGreeting(stream, NEVER)).toBe('greeted');
  expect(await hasGreeting(stream, NEVER)).toBe(true);
  expect(await hasGreeting(stream, NEVER)).toBe(true);
  expect(String(stream.read())).toBe('SSH-2.0-x\r\n');
});

it('is none where the stream ends or breaks', async () => {
  for (const end of [(stream: PassThrough) => stream.end(), (stream: PassThrough) => stream.destroy(new Error('x'))]) {
    const [first, second] = [new PassThrough(), new PassThrough()];
    const heard = [hearGreeting(first, NEVER), hasGreeting(second, NEVER)];
    end(first);
    end(second);
    expect(await Promise.all(heard)).toEqual(['ended', false]);
  }
});
