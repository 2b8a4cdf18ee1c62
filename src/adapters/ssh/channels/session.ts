/** A session channel (RFC 4254 §6): opened with a command or a shell, awaited until it ends. */

import type { ClientChannel, ExecOptions as Ssh2ExecOptions } from 'ssh2';
import { failure, interrupted } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import { ask, type Link } from '../link.ts';
import { allowAnotherAgentRequest, closeForGood, sendInterrupt } from '../ssh2-privates.ts';
import { type RemoteExit, toStatus } from './exit-status.ts';

/** A server drops the whole connection over a longer command (RECV_MAX_PACKET_LEN of Dropbear is 35000). */
const COMMAND_LIMIT_BYTES = 32_000;

/** How each ended session ended. We listen from the first moment; see `openSession`. */
const exits = new WeakMap<ClientChannel, RemoteExit>();

/** Sessions with a terminal of their own. */
const onTerminals = new WeakSet<ClientChannel>();

/** Starts a command; '' is the login shell. */
export function openSession(
  link: Link,
  command: string,
  options: Ssh2ExecOptions & { agentForward?: boolean },
): Promise<ClientChannel> {
  if (Buffer.byteLength(command) > COMMAND_LIMIT_BYTES) {
    throw failure('BAD_VALUE', {
      message: `The command is longer than ${COMMAND_LIMIT_BYTES} bytes`,
      reason: 'SSH servers accept no longer one',
      suggestions: [{ ...ws`ssh -- bash -s`, note: 'with the script as its input' }],
    });
  }
  return ask<ClientChannel>(
    link,
    (client, answer) => {
      const done = (error: Error | undefined, channel: ClientChannel | undefined) => {
        if (channel !== undefined) {
          noteExit(channel);
          closeForGood(channel);
          if (options.pty !== undefined && options.pty !== false) onTerminals.add(channel);
        }
        answer(error, channel as ClientChannel);
      };
      if (options.agentForward === true) allowAnotherAgentRequest(client);
      if (command === '') client.shell((options.pty ?? false) as false, options as object, done);
      else client.exec(command, options, done);
    },
    (cause) =>
      failure('CONNECTION_FAILED', {
        message: 'The workspace does not start a session',
        reason: toReason(cause, 'address'),
        suggestions: [ws`logs`, ws`status`],
        cause,
      }),
  );
}

/**
 * The exit of a quick command comes with the answer to its request, in the same bytes: whoever listens only after an
 * `await` has missed it.
 */
function noteExit(channel: ClientChannel): void {
  const exit: RemoteExit = { code: undefined, signal: undefined };
  exits.set(channel, exit);
  channel.on('exit', (code: number | null, name?: string) => {
    exit.code = code;
    exit.signal = name;
  });
}

/**
 * Its status once the channel is closed and everything it sent was read. Throws `CONNECTION_LOST`, or `INTERRUPTED`
 * when the signal fires.
 */
export function awaitStatus(link: Link, channel: ClientChannel, signal: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const exit = exits.get(channel) ?? { code: undefined, signal: undefined };
  const closed = new Promise((done) => channel.once('close', done));
  const errorsRead = new Promise((done) => channel.stderr.once('end', done).once('close', done));
  Promise.all([closed, errorsRead]).then(() => {
    const loss = exit.code === undefined ? link.findLoss() : undefined;
    if (loss === undefined) resolve(toStatus(exit));
    else reject(loss);
  });
  const abort = () => {
    // A terminal hangs up when its channel closes. Interrupted just before, bash would leave its jobs behind.
    if (!onTerminals.has(channel)) sendInterrupt(channel);
    channel.close();
    reject(interrupted());
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  return promise.finally(() => signal.removeEventListener('abort', abort));
}
