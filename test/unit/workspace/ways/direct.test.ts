import { expect, it } from 'vitest';
import { parseDirect } from '../../../../src/workspace/ways/direct.ts';

it.each([
  ['10.0.0.7', '10.0.0.7', 2222],
  ['10.0.0.7:30022', '10.0.0.7', 30022],
  ['dev.example.com', 'dev.example.com', 2222],
  ['dev.example.com.:22', 'dev.example.com.', 22],
  ['bücher.example', 'bücher.example', 2222],
  ['localhost:1', 'localhost', 1],
  ['[fd00::7]', 'fd00::7', 2222],
  ['[::1]:65535', '::1', 65535],
  ['[fe80::1%eth0]:22', 'fe80::1%eth0', 22],
])('%s', (text, host, port) => expect(parseDirect(text)).toEqual({ host, port }));

it.each([
  ['fd00::7', '[fd00::7]'],
  ['developer@10.0.0.7:22', '10.0.0.7:22'],
  ['ssh://dev.example.com:22/x', 'dev.example.com:22'],
  ['10.0.0.7:0', '10.0.0.7'],
  ['10.0.0.7:65536', '10.0.0.7'],
  ['10.0.0.7:ssh', '10.0.0.7'],
  ['10.0.0.7:', '10.0.0.7'],
  ['', 'HOST:PORT'],
  [':22', 'HOST:PORT'],
  ['-oProxyCommand=x', 'HOST:PORT'],
  ['[10.0.0.7]', 'HOST:PORT'],
  ['[fd00::7', 'HOST:PORT'],
  ['a b', 'HOST:PORT'],
  ['a\u001b[2J', 'HOST:PORT'],
  [`${'a'.repeat(254)}`, 'HOST:PORT'],
])('%j is refused, with what was meant', (text, meant) => {
  let thrown: unknown;
  try {
    parseDirect(text);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'BAD_VALUE' });
  expect(JSON.stringify((thrown as { suggestions: unknown }).suggestions)).toContain(meant);
});
