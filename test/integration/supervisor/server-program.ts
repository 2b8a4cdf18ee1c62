/**
 * The server's own parts as a process of its own, with another program in Dropbear's place, so that its descriptors,
 * its log's pipe and its ports can be used up. Writes its ports as a line of JSON to descriptor 3. Usage:
 * server-program PROGRAM HOME MOST_UNAUTHENTICATED UID
 */
import { writeSync } from 'node:fs';
import { Door, OWN_LOOPBACK } from '../../../src/supervisor/connections/door.ts';
import { findGreetingFault, Greeting } from '../../../src/supervisor/connections/greeting.ts';
import { SshServer } from '../../../src/supervisor/connections/server.ts';
import { Health } from '../../../src/supervisor/measures/health.ts';
import { Metrics } from '../../../src/supervisor/measures/metrics.ts';
import { makePatient } from '../../../src/supervisor/output/descriptor.ts';
import { LineWriter } from '../../../src/supervisor/output/line-writer.ts';
import { createLog, toLostLine } from '../../../src/supervisor/output/log.ts';
import { ResumeServer } from '../../../src/supervisor/resume/resume-server.ts';

const [, , program = '', home = '/', maxUnauthenticated, uid] = process.argv;
const stdout = makePatient(() => process.stdout);
const lines = new LineWriter({
  write: (bytes) => writeSync(stdout, bytes),
  toLostLine: (count) => toLostLine(count, Date.now()),
});
const log = createLog({ level: 'info', write: (line) => lines.write(line), nowMs: Date.now });
const health = new Health(0);
const door = new Door(0);
const resumeDoor = new Door(0, OWN_LOOPBACK);
await Promise.all([health.listening, door.listening, resumeDoor.listening]);
const metrics = new Metrics({ version: '1', home, cgroupRoot: '/nowhere', startedAtMs: Date.now(), restarts: 0 });
const command = { program, arguments: [], environment: { PATH: '/usr/bin:/bin' } };
const limits = {
  uid: Number(uid),
  maxConnections: 1000,
  maxUnauthenticated: Number(maxUnauthenticated),
  loginGraceMs: 30_000,
};
const commands = { signal: () => undefined, leave: async () => 0 };
const server = new SshServer({ command, resumableCommand: command, commands, ...limits }, door, log, metrics);
await server.serve();
await new ResumeServer({ keptSeconds: 60 }, resumeDoor, server, log, metrics).serve();
const greeting = new Greeting(() => findGreetingFault(command));
health.serve({ lifecycle: () => 'ready', greet: () => greeting.ask(), metrics });
// More than the pipe and the memory for it hold. Errors are never cut.
process.on('SIGUSR2', () => {
  for (let line = 0; line < 20_000; line += 1) log.error('test.filler', { reason: String(line) });
});
writeSync(3, `${JSON.stringify({ ssh: door.port, http: health.port, resume: resumeDoor.port })}\n`);
