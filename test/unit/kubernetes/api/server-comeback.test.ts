import { describe, expect, it } from 'vitest';
import { ServerComeback, type ServerMemory } from '../../../../src/adapters/kubernetes/api/patience/server-comeback.ts';
import { ApiRefusal, toApiError, toConnectionError } from '../../../../src/adapters/kubernetes/api/translate.ts';

const SERVER = new URL('https://cluster.example:6443');
const coded = (code: string) => toConnectionError(Object.assign(new Error('no'), { code }), SERVER, undefined);
const refused = (status: number) =>
  toApiError(new ApiRefusal(status, {}), { verb: 'get', resource: 'pods', namespace: 'team' }, SERVER);

function make({ lately = true } = {}) {
  const said: string[] = [];
  const notes: string[] = [];
  const memory: ServerMemory = { answeredLately: () => lately, noteAnswer: (server) => notes.push(server.host) };
  const comeback = new ServerComeback(memory, (line) => said.push(line));
  const find = (error: unknown, nowMs = 0, isRead = true) => comeback.findPause(error, SERVER, { isRead, nowMs });
  return { comeback, find, said, notes };
}

describe('an API server that does not answer when a command begins', () => {
  it.each<[string, unknown, boolean, boolean]>([
    ['nothing listens there', coded('ECONNREFUSED'), true, true],
    ['it hangs up', coded('ECONNRESET'), true, false],
    ['its storage is not there', refused(500), true, false],
    ['a gateway has no server', refused(502), true, false],
    ['it is not ready', refused(503), true, false],
    ['its name is unknown', coded('ENOTFOUND'), false, false],
    ['there is no way to it', coded('EHOSTUNREACH'), false, false],
    ['its certificate is not trusted', coded('SELF_SIGNED_CERT_IN_CHAIN'), false, false],
    ['it says no', refused(403), false, false],
    ['there is no such object', refused(404), false, false],
  ])('is waited for by a read, and by a write, where %s: %#', (_what, error, forRead, forWrite) => {
    const [read, write] = [make().find(error), make().find(error, 0, false)];
    expect([read !== undefined, write !== undefined]).toEqual([forRead, forWrite]);
  });

  it('is waited for up to a limit, and told once', () => {
    const { find, said } = make();
    const error = coded('ECONNREFUSED');
    expect(find(error, 500)).toBeGreaterThan(0);
    expect(said).toEqual([]);
    for (const nowMs of [1400, 1600, 9000, 20_400]) expect(find(error, nowMs)).toBeGreaterThan(0);
    expect(find(error, 20_600)).toBeUndefined();
    expect(said).toEqual([
      expect.stringMatching(
        /^The API server cluster\.example:6443 does not answer: [^:]*ECONNREFUSED[^:]*\. It may be restarting: waiting up to 20 s$/,
      ),
    ]);
  });

  it('is not waited for where it was not there lately, nor once it has answered', () => {
    const error = coded('ECONNREFUSED');
    expect(make({ lately: false }).find(error)).toBeUndefined();
    const { comeback, find, notes } = make();
    comeback.noteAnswer(SERVER);
    comeback.noteAnswer(SERVER);
    expect(find(error)).toBeUndefined();
    expect(notes).toEqual([SERVER.host]);
  });
});
