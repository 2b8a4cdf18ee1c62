import { describe, expect, it } from 'vitest';
import { formatAddress, formatMapping, parseMapping } from '../../../src/workspace/mapping.ts';

const to = (local: number, port: number, host = 'localhost') => ({ local, remote: { host, port } });

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
    ['db:5432', [to(5432, 5432, 'db')]],
    ['15432:10.0.0.9:5432', [to(15_432, 5432, '10.0.0.9')]],
    ['8080:[::1]:80', [to(8080, 80, '::1')]],
    ['7000-7001:db:5000-5001', [to(7000, 5000, 'db'), to(7001, 5001, 'db')]],
  ])('reads %s', (text, mappings) => {
    expect(parseMapping(text)).toEqual(mappings);
  });

  it('takes a range of 1000 ports and not one more', () => {
    expect(parseMapping('1000-1999')).toHaveLength(1000);
    expect(() => parseMapping('1000-2000')).toThrow(expect.objectContaining({ reason: expect.stringMatching(/1000/) }));
  });

  it.each([
    ['', /PORT/],
    ['abc', /PORT/],
    ['3000:', /PORT/],
    [':3000', /PORT/],
    ['-3000', /PORT/],
    ['3000-', /PORT/],
    ['80 80', /PORT/],
    ['1:2:3:4', /PORT/],
    ['8080:::1:80', /PORT/],
    ['8080:a/b:80', /PORT/],
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
        suggestions: expect.arrayContaining(['ws forward 8080:3000']),
      }),
    );
  });

  it.each(['8080:3000', '5432:db:5432', '8080:[::1]:80'])('writes %s back as it was typed', (text) => {
    expect(parseMapping(text).map(formatMapping)).toEqual([text]);
  });

  it('writes an IPv6 address with brackets', () => {
    expect([formatAddress('::1', 80), formatAddress('db', 80)]).toEqual(['[::1]:80', 'db:80']);
  });
});
