import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { findProxy } from '../../../src/adapters/kubernetes/api/proxy/find-proxy.ts';
import { parseDuration } from '../../../src/cli/words/durations.ts';
import { parseChoices, SETTING_KEYS } from '../../../src/workspace/choices/chosen.ts';
import { splitImage } from '../../../src/workspace/choices/faults.ts';
import { parseSetting } from '../../../src/workspace/choices/settings.ts';
import { WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import { isPrintable } from '../../../src/workspace/errors/printable.ts';
import { parseWorkspaceName } from '../../../src/workspace/naming/address.ts';
import { hostileText, property } from '../property.ts';

/** What it returns; undefined for the one kind of error that it may throw. */
function attempt<Result>(parse: () => Result): Result | undefined {
  try {
    return parse();
  } catch (error) {
    expect(error).toBeInstanceOf(WorkspaceError);
    return undefined;
  }
}

/** Texts near the form, and far from it. */
const near = (pattern: RegExp) => fc.oneof(hostileText, fc.stringMatching(pattern));

describe('words that somebody types', () => {
  property('are a name, an ID, a size or an image, or refused', near(/^[a-zA-Z0-9:@/._-]{0,40}$/), (text) => {
    expect(attempt(() => parseWorkspaceName(text)) ?? 'a').toMatch(/^[a-z][a-z0-9-]{0,39}$/);
    expect(attempt(() => parseChoices({ user: text }))?.user ?? 'a').toMatch(/^[a-z_][a-z0-9_-]{0,31}$/);
    expect(attempt(() => parseChoices({ uid: text }))?.uid ?? 1).toBeGreaterThan(0);
    expect(attempt(() => parseChoices({ size: text }))?.size ?? '1').toMatch(/^[0-9.]+[A-Za-z]*$/);
    if (attempt(() => parseChoices({ image: text })) === undefined) return;
    const { repository, tag, digest } = splitImage(text);
    expect(isPrintable(text)).toBe(true);
    expect(`${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`).toBe(text);
  });

  property(
    'are a setting, or refused',
    fc.record({ key: fc.constantFrom(...SETTING_KEYS), text: hostileText }),
    ({ key, text }) => {
      const setting = attempt(() => parseSetting(key, text));
      if (setting !== undefined) expect(Object.keys(setting)).toEqual([key]);
    },
  );

  property('are a time, or refused', near(/^[0-9]{0,12}[smhd]?$/), (text) => {
    const ms = attempt(() => parseDuration(text, 'wait-timeout'));
    if (ms === undefined) return;
    expect(Number.isSafeInteger(ms) && ms >= 0 && ms < 2 ** 31).toBe(true);
  });
});

describe('words of the environment', () => {
  const server = fc.constantFrom(
    'https://10.0.0.1:6443',
    'https://[fd00::1]',
    'https://k8s.example.com',
    'http://127.0.0.1',
  );
  const entry = fc.oneof(
    hostileText,
    fc
      .record({
        address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('10.0.0.0')),
        bits: fc.oneof(fc.integer({ min: -1, max: 200 }).map(String), fc.constantFrom('', 'x', '99', ' 8')),
      })
      .map(({ address, bits }) => `${address}/${bits}`),
    fc.constantFrom('*', '.example.com', 'example.com:443', '[fd00::1]:443', '10.0.0.1', 'fd00::1'),
  );

  property(
    'name proxies and exceptions, or are ignored',
    fc.record({
      server,
      list: fc.array(entry, { maxLength: 4 }),
      proxy: fc.oneof(hostileText, fc.constant('proxy:3128')),
    }),
    ({ server: address, list, proxy }) => {
      const found = attempt(() =>
        findProxy(new URL(address), { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: list.join(',') }),
      );
      if (found !== undefined) expect(URL.canParse(found)).toBe(true);
    },
  );

  property(
    'exempt no address by a network that is none',
    fc.constantFrom('10.0.0.0/99', '10.0.0.0/x', '10.0.0.0/', '10.0.0.0/-1', 'fd00::/129', '/', '10/8'),
    (network) => {
      expect(findProxy(new URL('https://10.0.0.1:6443'), { HTTPS_PROXY: 'p:1', NO_PROXY: network })).toBe('http://p:1');
    },
  );
});
