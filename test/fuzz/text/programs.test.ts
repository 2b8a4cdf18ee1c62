import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { FRAME, FrameReader, writeFrame } from '../../../src/adapters/held-connection/frames.ts';
import { findRevision, parseHistory, parseRevisions, parseValues } from '../../../src/adapters/helm/helm-answers.ts';
import { translate } from '../../../src/adapters/helm/translate.ts';
import { parseVersion } from '../../../src/adapters/helm/version.ts';
import { formatLogLine } from '../../../src/report/results/log-line.ts';
import { parseDropbearLine } from '../../../src/supervisor/dropbear/dropbear-log.ts';
import { ERROR_CODES, WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import { isPrintable, toPrintable } from '../../../src/workspace/errors/printable.ts';
import { parsePortsLine } from '../../../src/workspace/forwards/listening-ports.ts';
import { hostileText, property } from '../property.ts';

/** A line of a program with a stranger's words in it. */
const around = (...lines: string[]) =>
  fc.oneof(
    hostileText,
    fc
      .tuple(fc.constantFrom(...lines), hostileText, hostileText)
      .map(([line, a, b]) => line.replaceAll('%a', () => a).replaceAll('%b', () => b)),
  );

describe('what Helm says', () => {
  property(
    'is an error of ours, whatever stands in it',
    fc.record({
      text: around(
        'Error: User "%a" cannot list resource "%b" in API group "" in the namespace "x"',
        'Error: namespaces "%a" not found',
        'Error: execution error at (ws-workspace/templates/x.yaml:1:1): %a',
        "Error: values don't meet the specifications of the schema(s) in the following chart(s):\nws-workspace:\n- at '/%a': %b",
        'Error: open %a: no such file or directory',
        'Error: Kubernetes cluster unreachable: %a',
        'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n%a',
      ),
      status: fc.option(fc.integer({ min: 0, max: 255 })),
    }),
    ({ text, status }) => {
      const error = translate(text, status);
      expect(error).toBeInstanceOf(WorkspaceError);
      expect(ERROR_CODES).toContain(error.code);
      expect(error.message).not.toBe('');
    },
  );

  property(
    'is a version, or too old',
    fc.oneof(hostileText, fc.stringMatching(/^v?[0-9]{1,3}\.[0-9]{1,3}(?:\.[0-9]{1,3})?[+-]?[a-z0-9]{0,5}$/)),
    (text) => {
      try {
        expect(parseVersion(text)).toMatch(/^\d+\.\d+[\w.+-]*$/);
      } catch (error) {
        expect(error).toMatchObject({ code: 'HELM_TOO_OLD' });
      }
    },
  );

  const row = fc.record({
    revision: fc.jsonValue(),
    status: fc.jsonValue(),
    chart: fc.jsonValue(),
    updated: hostileText,
  });
  property(
    'is an answer, or refused in words',
    fc.oneof(
      hostileText,
      fc.json(),
      fc.array(row).map((rows) => JSON.stringify(rows)),
    ),
    (output) => {
      findRevision(output);
      for (const parse of [parseHistory, parseRevisions, parseValues]) {
        try {
          expect(typeof parse(output)).toBe('object');
        } catch (error) {
          expect(error).toMatchObject({ code: 'HELM_FAILED' });
        }
      }
    },
  );
});

describe('what Dropbear says', () => {
  const KINDS = [
    'connected',
    'auth-succeeded',
    'auth-failed',
    'config-error',
    'key-unusable',
    'ended',
    'crashed',
    'ignored',
    'other',
  ];
  property(
    'is an event without control characters',
    around(
      "[12] Nov 28 07:57:54 Pubkey auth succeeded for '%a' with ssh-ed25519 key SHA256:%b from 10.0.0.1:5",
      '[12] Nov 28 07:57:54 Login attempt with wrong user %a from 10.0.0.1:5',
      "[12] Nov 28 07:57:54 Exit before auth from <10.0.0.1:5>: (user '%a', 0 fails): %b",
      '[12] Nov 28 07:57:54 Exit (%a) from <10.0.0.1:5>: %b',
      '[12] Nov 28 07:57:54 Bad public key options at %a:12',
      '[12] Nov 28 07:57:54 %a',
    ),
    (line) => {
      const event = parseDropbearLine(line);
      expect(KINDS).toContain(event.kind);
      for (const value of Object.values(event)) if (typeof value === 'string') expect(value).not.toMatch(/\p{Cc}/u);
      if (event.kind === 'key-unusable') expect(Number.isSafeInteger(event.line)).toBe(true);
    },
  );
});

describe("what the server's log says", () => {
  const line = fc.oneof(
    hostileText,
    fc.json(),
    fc
      .record({ event: fc.anything(), time: fc.anything(), level: hostileText, user: fc.anything() })
      .map((value) => safeJson(value)),
  );
  property(
    'is one line that does nothing but show',
    fc.record({ line, color: fc.boolean() }),
    ({ line: text, color }) => {
      const shown = formatLogLine(text, color);
      expect(isPrintable(color ? shown.replace(/^\u001b\[3[13]m|\u001b\[0m$/g, '') : shown)).toBe(true);
      expect(shown).not.toContain('\n');
    },
  );

  property('stays what it is where nothing is to be taken out', hostileText, (text) => {
    expect(toPrintable(toPrintable(text))).toBe(toPrintable(text));
    expect(isPrintable(toPrintable(text, { oneLine: true }))).toBe(true);
  });
});

describe('what the workspace says of its ports', () => {
  const socket = fc.oneof(hostileText, fc.stringMatching(/^(?:[0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}$/));
  property(
    'is ports, each once, lowest first',
    fc.array(socket, { maxLength: 12 }).map((sockets) => `ws-ports ${sockets.join(' ')}`),
    (line) => {
      const ports = parsePortsLine(line) ?? [];
      const numbers = ports.map(({ port }) => port);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      for (const { host, port } of ports) {
        expect(port > 0 && port < 65_536).toBe(true);
        expect(host).toMatch(/^(?:localhost|[0-9.]+|[0-9a-f:]+)$/);
      }
    },
  );
  property(
    'is nothing for any other line',
    hostileText.filter((text) => !text.trim().startsWith('ws-ports')),
    (line) => {
      expect(parsePortsLine(line)).toBeUndefined();
    },
  );
});

describe('frames between two processes', () => {
  const kind = fc.constantFrom(...Object.values(FRAME));
  const STREAMED: number[] = [FRAME.input, FRAME.output, FRAME.errors];

  property(
    'come out as they went in, however they are cut',
    fc.record({
      frames: fc.array(fc.tuple(kind, fc.uint8Array({ maxLength: 300 })), { maxLength: 6 }),
      cuts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
    }),
    ({ frames, cuts }) => {
      const parts: Buffer[] = [];
      const write = (chunk: Buffer, _: unknown, done: () => void) => {
        parts.push(chunk);
        done();
      };
      const pipe = new Writable({ write });
      for (const [which, payload] of frames) writeFrame(pipe, which, payload);
      const bytes = Buffer.concat(parts);
      const found: [number, string][] = [];
      const reader = new FrameReader((which, payload) => {
        const last = found.at(-1);
        // Streams are handed on in pieces.
        if (last !== undefined && last[0] === which && STREAMED.includes(which)) last[1] += payload.toString('hex');
        else found.push([which, payload.toString('hex')]);
      });
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const next = at + (cuts[turn % cuts.length] ?? 1);
        reader.push(bytes.subarray(at, next));
        at = next;
      }
      const sent: [number, string][] = [];
      for (const [which, payload] of frames) {
        const last = sent.at(-1);
        const hex = Buffer.from(payload).toString('hex');
        if (last !== undefined && last[0] === which && STREAMED.includes(which)) last[1] += hex;
        else sent.push([which, hex]);
      }
      expect(found).toEqual(sent);
    },
  );

  property(
    'that are none are refused or wait for more, and never held without a limit',
    fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }),
    (chunks) => {
      let total = 0;
      const reader = new FrameReader((_, payload) => {
        total += payload.length;
      });
      try {
        for (const chunk of chunks) reader.push(Buffer.from(chunk));
      } catch (error) {
        expect((error as Error).message).toBe('not a frame');
      }
      expect(total).toBeLessThanOrEqual(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    },
  );
});

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one)) ?? '';
  } catch {
    return '';
  }
}
