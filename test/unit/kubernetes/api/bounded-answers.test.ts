import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readRefusal, readText, splitLines } from '../../../../src/adapters/kubernetes/api/answer-body.ts';
import { listAll } from '../../../../src/adapters/kubernetes/api/list-all.ts';
import { type ApiRequest, type RestClient, toStatus } from '../../../../src/adapters/kubernetes/api/rest.ts';
import { ApiRefusal, toApiError } from '../../../../src/adapters/kubernetes/api/translate.ts';

const NEVER = new AbortController().signal;
const REQUEST: ApiRequest = { verb: 'list', resource: 'pods', namespace: 'n', path: '/pods' };

function body(): { response: IncomingMessage; stream: PassThrough } {
  const stream = new PassThrough();
  return { response: stream as unknown as IncomingMessage, stream };
}

describe('an answer', () => {
  it('that comes in pieces, cut within a character, is whole', async () => {
    const { response, stream } = body();
    const bytes = Buffer.from('{"name":"Jürgen, Ærøskøbing"}');
    for (let at = 0; at < bytes.length; at += 1) stream.write(bytes.subarray(at, at + 1));
    stream.end();
    expect(await readText(response)).toBe('{"name":"Jürgen, Ærøskøbing"}');
  });

  it('that falls silent is given up', async () => {
    const { response, stream } = body();
    stream.write('{"items":[');
    await expect(readText(response, { silenceMs: 50 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(stream.destroyed).toBe(true);
  });

  it('that drips without an end is given up', async () => {
    const { response, stream } = body();
    const drip = setInterval(() => stream.destroyed || stream.write(' '), 10);
    await expect(readText(response, { silenceMs: 1000, longestMs: 150 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    clearInterval(drip);
  });

  it('that is too large is given up', async () => {
    const { response, stream } = body();
    stream.end(Buffer.alloc(2000));
    await expect(readText(response, { largestBytes: 1000 })).rejects.toMatchObject({ code: 'EMSGSIZE' });
    expect(stream.destroyed).toBe(true);
  });

  it('that refuses is read as far as it comes in time, and no further than it matters', async () => {
    const { response, stream } = body();
    stream.write('{"message":"no"}');
    expect(await readRefusal(response, 50)).toBe('{"message":"no"}');
    const endless = Readable.from(
      (function* () {
        while (true) yield Buffer.alloc(16_384, 'x');
      })(),
    );
    expect((await readRefusal(endless as unknown as IncomingMessage)).length).toBe(65_536);
    expect(endless.destroyed).toBe(true);
  });

  it('of lines gives a line without an end in pieces', async () => {
    const { response, stream } = body();
    stream.end(Buffer.concat([Buffer.alloc(9 * 1024 * 1024, 'x'), Buffer.from('\nend')]));
    const lengths: number[] = [];
    for await (const line of splitLines(response)) lengths.push(line.length);
    expect(lengths.at(-1)).toBe(3);
    const many = body();
    const lines: string[] = [];
    const reading = (async () => {
      for await (const line of splitLines(many.response)) lines.push(line);
    })();
    for (let count = 0; count < 10; count += 1) {
      many.stream.write(Buffer.alloc(1024 * 1024, 'x'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    many.stream.end();
    await reading;
    expect(lines.length).toBe(2);
  });
});

describe('the status of a refusal', () => {
  it.each([
    ['{"message":"m","details":{"name":"x"}}', '2', { message: 'm', details: { name: 'x', retryAfterSeconds: 2 } }],
    ['', '0', { isForeign: true, details: { retryAfterSeconds: 0 } }],
    ['', 'Wed, 21 Oct 2026 07:28:00 GMT', { isForeign: true }],
    ['', '-5', { isForeign: true }],
    ['', '1e99', { isForeign: true }],
    ['null', undefined, { isForeign: true, message: 'null' }],
    ['7', undefined, { isForeign: true, message: '7' }],
    ['{"message":7,"details":"x"}', undefined, {}],
    ['<html>busy</html>', undefined, { isForeign: true, message: '<html>busy</html>' }],
  ])('%j with Retry-After %j is %j', (text, retryAfter, expected) => {
    expect(toStatus(text, retryAfter)).toEqual(expected);
  });
});

/** Serves `total` numbers by pages; `fail` may refuse a page. */
function pages(total: number, fail: (asked: number) => number | undefined = () => undefined) {
  const queries: ApiRequest['query'][] = [];
  const rest = {
    async call({ query = {} }: ApiRequest) {
      queries.push(query);
      const statusCode = fail(queries.length);
      if (statusCode !== undefined) throw toApiError(new ApiRefusal(statusCode, {}), REQUEST, new URL('https://a'));
      const from = Number(query['continue'] ?? 0);
      const to = Math.min(total, query['limit'] === undefined ? total : from + Number(query['limit']));
      const items = Array.from({ length: to - from }, (_, index) => from + index);
      return { items, metadata: to < total ? { continue: String(to) } : {} };
    },
  };
  return { rest: rest as unknown as RestClient, queries };
}

describe('a list', () => {
  it.each([0, 1, 499, 500, 501, 1000, 2300])('of %s objects comes whole, page by page', async (total) => {
    const { rest, queries } = pages(total);
    const found = await listAll<number>(rest, { ...REQUEST, query: { labelSelector: 'a=b' } }, NEVER);
    expect(found).toEqual(Array.from({ length: total }, (_, index) => index));
    expect(queries).toHaveLength(Math.max(1, Math.ceil(total / 500)));
    expect(queries.every((query) => query?.['labelSelector'] === 'a=b' && query['limit'] === '500')).toBe(true);
  });

  it('that grew too old between two pages is read once more, whole', async () => {
    const { rest, queries } = pages(1200, (asked) => (asked === 2 ? 410 : undefined));
    expect(await listAll<number>(rest, REQUEST, NEVER)).toHaveLength(1200);
    expect(queries.at(-1)).toEqual({});
  });

  it('that is refused is refused, at whatever page', async () => {
    const refusing = (statusCode: number, page: number) =>
      listAll(pages(1200, (asked) => (asked >= page ? statusCode : undefined)).rest, REQUEST, NEVER);
    await expect(refusing(410, 1)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(refusing(500, 2)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    await expect(refusing(410, 2)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('is bounded where it is asked to be', async () => {
    const { rest, queries } = pages(100_000);
    const pick = (value: number) => `${value}`;
    expect(await listAll(rest, REQUEST, NEVER, { pick, most: 700 })).toHaveLength(700);
    expect(queries.map((query) => query?.['limit'])).toEqual(['500', '200']);
  });

  it('whose next page is always the same one ends, and one of null is empty', async () => {
    const rest = (items: unknown) => ({ call: async () => ({ items, metadata: { continue: 'x' } }) }) as never;
    expect(await listAll(rest([1]), REQUEST, NEVER)).toEqual([1, 1]);
    expect(await listAll(rest(null), REQUEST, NEVER)).toEqual([]);
  });
});
