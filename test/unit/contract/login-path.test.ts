import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { LOGIN_PATH } from '../../../src/contract/paths.ts';

it('gives what comes back the PATH that Dropbear gives to a login', () => {
  const file = path.resolve(import.meta.dirname, '../../../image/dropbear/localoptions.h');
  const [, defined] = /^#define DEFAULT_PATH "(.*)"$/m.exec(readFileSync(file, 'utf8')) ?? [];
  expect(LOGIN_PATH).toBe(defined);
});
