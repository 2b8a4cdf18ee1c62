/** The ports that programs in a workspace listen on, where somebody holds a connection to it already. */
import { PassThrough, Writable } from 'node:stream';
import { list } from '../../operations/look/list.ts';
import { parsePortsLine, WATCH_COMMAND } from '../../workspace/forwards/listening-ports.ts';
import { formatAddress, type LocalMapping, parseMapping } from '../../workspace/forwards/mapping.ts';
import type { Place } from '../../workspace/place.ts';
import type { World } from '../../workspace/world.ts';
import { findHeldSocket, runHeld } from '../wiring/held-connection.ts';
import type { Candidate } from './sources.ts';

/** A login of one's own takes too long for a Tab, and may ask for a passphrase. */
export async function findListeningPorts(
  place: Place,
  workspace: string | undefined,
  world: World,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const name = workspace ?? (await findOnly(world, signal));
  const socket = name === undefined ? undefined : findHeldSocket(place, name);
  if (socket === undefined) return [];
  const line = await readFirstLine(socket, signal);
  return (parsePortsLine(line ?? '') ?? []).map(({ host, port }) =>
    host === 'localhost'
      ? { word: String(port), about: 'a program listens there' }
      : { word: `${port}:${host}:${port}`, about: 'a program listens there' },
  );
}

/** Without the ports to which a word of the line leads already, however it is written: `8080:3000`, `3000-3005`. */
export function withoutForwarded(ports: Candidate[], typed: readonly string[]): Candidate[] {
  const toEnds = (mappings: LocalMapping[]) => mappings.map(({ remote }) => formatAddress(remote.host, remote.port));
  const forwarded = new Set(typed.flatMap((word) => toEnds(tryMapping(word))));
  return ports.filter(({ word }) => !toEnds(tryMapping(word)).every((end) => forwarded.has(end)));
}

/** None for what the command itself will refuse. */
function tryMapping(word: string): LocalMapping[] {
  try {
    return parseMapping(word);
  } catch {
    return [];
  }
}

async function findOnly(world: World, signal: AbortSignal): Promise<string | undefined> {
  const names = (await list(world, signal)).map(({ name }) => name);
  return names.length === 1 ? names[0] : undefined;
}

/** The command goes on for ever; its first line is all that is wanted. */
async function readFirstLine(socket: string, signal: AbortSignal): Promise<string | undefined> {
  const end = new AbortController();
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      if (text.includes('\n')) end.abort();
      done();
    },
  });
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = { stdin: new PassThrough(), stdout, stderr, termName: undefined };
  await runHeld(socket, WATCH_COMMAND, terminal, AbortSignal.any([signal, end.signal])).catch(() => undefined);
  return text.split('\n')[0];
}
