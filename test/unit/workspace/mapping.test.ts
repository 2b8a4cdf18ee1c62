import { describe, expect, it } from 'vitest';
import type { WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import type { Suggestion } from '../../../src/workspace/errors/suggestion.ts';
import {
  formatAddress,
  formatMapping,
  parseMapping,
  parseRemoteMapping,
  parseSocks,
} from '../../../src/workspace/forwards/mapping.ts';
import { parseForwards } from '../../../src/workspace/forwards/typed-forwards.ts';
import { saying } from '../../spelling.ts';

const to = (local: number, port: number, host = 'localhost', address?: string) => ({
  kind: 'local',
  local: { port: local, ...(address === undefined ? {} : { address }) },
  remote: { host, port },
});

describe('what stands after ws forward', () => {
  it.each([
    ['3000', [to(3000, 3000)]],
    ['8080:3000', [to(8080, 3000)]],
    ['0:3000', [to(0, 3000)]],
    ['1:65535', [to(1, 65_535)]],
    ['3000-3002', [to(3000, 3000), to(3001, 3001), to(3002, 3002)]],
    ['3000-3000', [to(3000, 3000)]],
    ['8000-8001:3000-3001', [to(8000, 3000), to(8001, 3001)]],
    ['5432:db.internal:5432', [to(5432, 5432, 'db.internal')]],
    ['15432:10.0.0.9:5432', [to(15_432, 5432, '10.0.0.9')]],
    ['8080:[::1]:80', [to(8080, 80, '::1')]],
    ['127.0.0.2:8080:db:80', [to(8080, 80, 'db', '127.0.0.2')]],
    ['[::1]:8080:[fd00::2]:80', [to(8080, 80, 'fd00::2', '::1')]],
    ['*:8080:localhost:80', [to(8080, 80, 'localhost', '*')]],
    [':8080:localhost:80', [to(8080, 80, 'localhost', '*')]],
    ['7000-7001:db:5000-5001', [to(7000, 5000, 'db'), to(7001, 5001, 'db')]],
  ])('reads %s', (text, mappings) => {
    expect(parseMapping(text)).toEqual(mappings);
  });

  it.each([
    ['forward', 'dev:3000', ['ws forward dev 3000', 'ws forward 3000:dev:3000']],
    ['ssh', 'dev:3000', ['ws ssh dev -L 3000', 'ws ssh -L 3000:dev:3000']],
    ['forward', 'db.internal:5432-5433', ['ws forward 5432-5433:db.internal:5432-5433']],
    ['forward', '[::1]:80', ["ws forward '80:[::1]:80'"]],
  ] as const)('refuses a host and a port alone, with what may be meant: %s %s', (verb, text, lines) => {
    expect(() => parseMapping(text, verb)).toThrow(
      expect.objectContaining({
        code: 'BAD_MAPPING',
        reason: expect.stringContaining('LOCAL:HOST:REMOTE'),
        suggestions: lines.map((line) => saying(line)),
      }),
    );
  });

  it('takes a range of 1000 ports and not one more', () => {
    expect(parseMapping('1000-1999')).toHaveLength(1000);
    expect(() => parseMapping('1000-2000')).toThrow(expect.objectContaining({ reason: expect.stringMatching(/1000/) }));
  });

  it.each([
    ['', /^a port is missing; the forms are PORT/],
    ['abc', /^"abc" is no port; the forms are PORT/],
    ['3000:', /^a port is missing; the forms are PORT/],
    [':3000', /host is missing/],
    ['-3000', /^"-3000" is no port; .*PORT/],
    ['3000-', /^"3000-" is no port; .*PORT/],
    ['80 80', /^"80 80" is no port; .*PORT/],
    ['1:2:3:4:5', /^it has 5 parts, and at most 4 make one; .*\[ADDRESS:\]LOCAL:HOST:REMOTE$/],
    ['5432:5432:5432:1:2', /^it has 5 parts/],
    ['3000:4000:5000', /^"4000" is a number and no host; .*LOCAL:HOST:REMOTE/],
    ['80:3000:db:5432', /^"80" is a number and no host/],
    ['localhost:3000:3000', /^"localhost" is no port/],
    ['3000:3000:localhost', /^"localhost" is no port/],
    ['3000/tcp', /^every forward is TCP, so leave \/tcp out; .*PORT/],
    ['3000/udp', /^only TCP can be forwarded$/],
    ['3000/UDP', /^only TCP can be forwarded$/],
    ['http://localhost:3000', /^a URL is no forward; .*PORT/],
    ['3000,4000', /^each forward is a word of its own; .*PORT/],
    ['[::1:80', /PORT/],
    ['[::1]80', /PORT/],
    ['8080::80', /host is missing/],
    ['1.2.3.4:8080:3000', /PORT/],
    ['8080:::1:80', /PORT/],
    ['8080:a/b:80', /sockets/],
    ['8080:/run/docker.sock', /sockets/],
    ['3.5', /PORT/],
    ['0', /from 1 to 65535/],
    ['65536', /to 65535/],
    ['8080:0', /from 1 to 65535/],
    ['99999999999999999999', /to 65535/],
    ['3005-3000', /lower port to the higher/],
    ['8000-8002:3000-3001', /3 local and 2 remote/],
    ['8000:3000-3001', /1 local and 2 remote/],
  ])('refuses "%s" and says why', (text, reason) => {
    expect(() => parseMapping(text)).toThrow(
      expect.objectContaining({
        code: 'BAD_MAPPING',
        message: `"${text}" is not a forward`,
        reason: expect.stringMatching(reason),
        suggestions: expect.arrayContaining([saying('ws forward 8080:3000')]),
      }),
    );
  });

  it.each(['8080:3000', '5432:db:5432', '8080:[::1]:80', '[::1]:8080:localhost:80'])(
    'writes %s back as it was typed',
    (text) => {
      expect(parseMapping(text).map(formatMapping)).toEqual([text]);
    },
  );

  it('writes an IPv6 address with brackets', () => {
    expect([formatAddress('::1', 80), formatAddress('db', 80)]).toEqual(['[::1]:80', 'db:80']);
  });
});

describe('what stands after -R', () => {
  it.each<[string, () => unknown]>([
    ['-R', () => parseRemoteMapping('x')],
    ['-D', () => parseSocks('x')],
  ])('never is a workspace for the suggestion of %s: the line would be wrong once more', (_flag, parse) => {
    let suggestions: readonly Suggestion[] = [];
    try {
      parse();
    } catch (error) {
      ({ suggestions } = error as WorkspaceError);
    }
    expect(suggestions.length).toBeGreaterThan(0);
    for (const suggestion of suggestions) expect(suggestion).not.toHaveProperty('workspace');
  });

  const here = (port: number, host: string, local: number) => ({
    kind: 'remote',
    local: { host, port: local },
    remote: { port },
  });

  it.each([
    ['8080:localhost:3000', [here(8080, 'localhost', 3000)]],
    ['5432:db.corp:5433', [here(5432, 'db.corp', 5433)]],
    ['8080:[::1]:80', [here(8080, '::1', 80)]],
    ['localhost:8080:db:80', [here(8080, 'db', 80)]],
    ['127.0.0.1:8080:db:80', [here(8080, 'db', 80)]],
    ['[::1]:8080:db:80', [here(8080, 'db', 80)]],
    ['8000-8001:db:3000-3001', [here(8000, 'db', 3000), here(8001, 'db', 3001)]],
    // The short form names the local port first, as everywhere in ws.
    ['3000', [here(3000, '127.0.0.1', 3000)]],
    ['9000:9001', [here(9001, '127.0.0.1', 9000)]],
    ['9000-9001:8000-8001', [here(8000, '127.0.0.1', 9000), here(8001, '127.0.0.1', 9001)]],
  ])('reads %s', (text, mappings) => {
    expect(parseRemoteMapping(text)).toEqual(mappings);
  });

  it.each([
    ['', /REMOTE:HOST:LOCAL/],
    ['localhost:1080', /REMOTE:HOST:LOCAL/],
    ['8080:localhost', /REMOTE:HOST:LOCAL/],
    ['8080::3000', /host is missing/],
    ['*:8080:localhost:3000', /only localhost/],
    [':8080:localhost:3000', /only localhost/],
    ['0.0.0.0:8080:localhost:3000', /only localhost/],
    ['10.0.0.1:8080:localhost:3000', /only localhost/],
    ['0:localhost:3000', /from 1 to 65535/],
    ['8080:localhost:0', /from 1 to 65535/],
    ['/run/a.sock:localhost:80', /sockets/],
    ['8080:/run/a.sock', /sockets/],
    ['8080-8081:localhost:3000', /do not pair up/],
  ])('refuses "%s" and says why', (text, reason) => {
    expect(() => parseRemoteMapping(text)).toThrow(
      expect.objectContaining({ code: 'BAD_MAPPING', reason: expect.stringMatching(reason) }),
    );
  });

  it('is written as ssh reads it', () => {
    expect(['9000:9001', '8080:[::1]:80'].flatMap((text) => parseRemoteMapping(text)).map(formatMapping)).toEqual([
      '9001:127.0.0.1:9000',
      '8080:[::1]:80',
    ]);
  });
});

describe('what stands after -D', () => {
  it.each([
    ['1080', { port: 1080 }],
    ['0', { port: 0 }],
    ['127.0.0.1:1080', { port: 1080, address: '127.0.0.1' }],
    ['[::1]:1080', { port: 1080, address: '::1' }],
    ['*:1080', { port: 1080, address: '*' }],
    [':1080', { port: 1080, address: '*' }],
  ])('reads %s', (text, mapping) => {
    expect(parseSocks(text)).toEqual({ kind: 'socks', local: mapping });
  });

  it.each(['1080', '127.0.0.1:1080', '[::1]:1080', '*:1080'])('writes %s back as it was typed', (text) => {
    expect(formatMapping(parseSocks(text))).toBe(text);
  });

  it.each(['', 'http', '1080-1081', '1080:', '1:2:3', '65536', '/run/a.sock', '::1:1080'])('refuses "%s"', (text) => {
    expect(() => parseSocks(text)).toThrow(expect.objectContaining({ code: 'BAD_MAPPING' }));
  });
});

describe('what stands after all of them', () => {
  it('is one list, in the order of the kinds', () => {
    const mappings = parseForwards(
      { remote: ['9000', '9001'], socks: ['1080'], forward: ['3000-3001', '8080:db:80'] },
      'forward',
    );
    expect(mappings.map((mapping) => `${mapping.kind} ${formatMapping(mapping)}`)).toEqual([
      'local 3000:3000',
      'local 3001:3001',
      'local 8080:db:80',
      'socks 1080',
      'remote 9000:127.0.0.1:9000',
      'remote 9001:127.0.0.1:9001',
    ]);
    expect(parseForwards({}, 'forward')).toEqual([]);
  });

  it('counts what is there twice once', () => {
    expect(parseForwards({ forward: ['45671', '45671'], socks: ['0', '0'] }, 'ssh')).toHaveLength(2);
  });

  it.each<[object, string, string[]]>([
    [{ forward: ['3000', '3000:80'] }, 'Port 3000 of this machine is named twice', ['ws ssh -L 3001:80']],
    [{ forward: ['3000-3002', '3001:80'] }, 'Port 3001 of this machine is named twice', ['ws ssh -L 3003:80']],
    [{ forward: ['1080:80'], socks: ['1080'] }, 'Port 1080 of this machine is named twice', ['ws ssh -D 1081']],
    [{ remote: ['9000', '8000:9000'] }, 'Port 9000 of the workspace is named twice', ['ws ssh -R 9001:127.0.0.1:8000']],
  ])('refuses two that listen on one port: %j', (texts, message, lines) => {
    expect(() => parseForwards(texts, 'ssh')).toThrow(
      expect.objectContaining({ code: 'BAD_MAPPING', message, suggestions: lines.map((line) => saying(line)) }),
    );
  });

  it.each<[Parameters<typeof parseForwards>[0], string[]]>([
    [{ forward: ['x'] }, ['ws forward x 3000', 'ws forward 3000', 'ws forward 8080:3000', 'ws forward 3000-3005']],
    [{ forward: ['3000', '1:2:3:4:5'] }, ['ws forward 8080:3000']],
    [{ forward: ['8080', 'x:'] }, ['ws forward 3000', 'ws forward 3000-3005']],
    [{ forward: ['3000', '8080', 'x:', 'y:'] }, ['ws forward --help']],
    [{ forward: ['1080'], socks: ['x'] }, ['ws forward -D 127.0.0.1:1080']],
    [{ forward: ['3000'], remote: ['x:'] }, ['ws forward -R 8080:localhost:3000', 'ws forward -R 3000']],
    [{ remote: ['3000', 'x:'] }, ['ws forward -R 8080:localhost:3000']],
  ])('proposes beside a right one nothing that would name its port twice: %j', (texts, lines) => {
    expect(() => parseForwards(texts, 'forward')).toThrow(
      expect.objectContaining({ suggestions: lines.map((line) => saying(line)) }),
    );
  });

  it('moves one that is named twice to a port that no other has', () => {
    const forward = ['3000', '3001', '2999', '3000:80'];
    expect(() => parseForwards({ forward }, 'ssh')).toThrow(
      expect.objectContaining({ suggestions: [saying('ws ssh -L 3002:80')] }),
    );
  });

  it('leads to the command that was typed', () => {
    const fault = expect.objectContaining({ suggestions: expect.arrayContaining([saying('ws ssh -L 3000')]) });
    expect(() => parseForwards({ forward: ['x:y:z:9'] }, 'ssh')).toThrow(fault);
  });
});
