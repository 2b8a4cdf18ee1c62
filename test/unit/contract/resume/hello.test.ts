import { describe, expect, it } from 'vitest';
import {
  type Answer,
  HELLO_BYTES,
  type Hello,
  HelloReader,
  parseAnswer,
  parseHello,
  writeAnswer,
  writeHello,
} from '../../../../src/contract/resume/hello.ts';

const token = Buffer.alloc(32, 7);

describe('the first words on a carrier', () => {
  it.each<Hello>([{ kind: 'start' }, { kind: 'resume', token, received: 2 ** 40 + 3 }])('say $kind', (hello) => {
    expect(parseHello(writeHello(hello))).toEqual(hello);
    expect(parseAnswer(writeHello(hello))).toBeUndefined();
  });

  it.each<Answer>([
    { kind: 'welcome', token, received: 12, keptSeconds: 3600 },
    { kind: 'refused', reason: 'unknown' },
    { kind: 'refused', reason: 'full' },
  ])('answer $kind', (answer) => {
    expect(parseAnswer(writeAnswer(answer))).toEqual(answer);
    expect(parseHello(writeAnswer(answer))).toBeUndefined();
  });

  it('are heard wherever they are cut, with what comes behind them', () => {
    const reader = new HelloReader();
    const said = Buffer.concat([writeHello({ kind: 'start' }), Buffer.from('more')]);
    for (let at = 0; at < HELLO_BYTES - 1; at += 1) expect(reader.push(said.subarray(at, at + 1))).toBeUndefined();
    expect(reader.push(said.subarray(HELLO_BYTES - 1))?.rest.toString()).toBe('more');
  });

  it('are refused at the first byte that another program would say', () => {
    expect(() => new HelloReader().push(Buffer.from('SSH-2.0-dropbear'))).toThrow('no hello');
    expect(() => new HelloReader().push(Buffer.from('w'))).not.toThrow();
  });
});
