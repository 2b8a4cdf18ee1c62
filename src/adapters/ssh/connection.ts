import { isIP } from 'node:net';
import type { Client, ClientChannel } from 'ssh2';
import { isLoopbackAddress } from '../../contract/loopback.ts';
import type { ByteStream } from '../../workspace/byte-stream.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { run, ws } from '../../workspace/errors/suggestion.ts';
import { formatAddress } from '../../workspace/forwards/mapping.ts';
import type { Identity } from '../../workspace/keys/keys.ts';
import type { SshConnection } from '../../workspace/world.ts';
import { ChannelStream } from './channels/channel-stream.ts';
import { runExec, runForText } from './channels/exec.ts';
import { createRemoteForwards } from './channels/remote-forwards.ts';
import type { ConnectorOptions } from './connecting/connector-options.ts';
import { ask, createLink, type Link } from './link.ts';
import { runShell } from './terminal/shell.ts';

/** How long the far end may take to answer our goodbye. */
const CLOSE_LIMIT_MS = 1000;

/** A client that is logged in, and with which key. */
export interface LoggedInClient {
  client: Client;
  identity: Identity;
}

/** The connection of a client that is logged in. It owns the stream. */
export function createConnection(
  { client, identity }: LoggedInClient,
  stream: ByteStream,
  options: ConnectorOptions,
): SshConnection {
  const link = createLink(client, stream);
  const canForwardAgent = options.agentSocket !== undefined;

  async function close(): Promise<void> {
    link.expectEnd();
    client.end();
    const timer = setTimeout(() => stream.destroy(), CLOSE_LIMIT_MS);
    try {
      await link.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    identity,
    ended: link.ended,
    ...(link.watch === undefined ? {} : { watch: link.watch }),
    shell: (terminal, choice, signal) => {
      if (choice.forwardAgent && !canForwardAgent) return Promise.reject(noAgent());
      return runShell(link, terminal, choice, signal);
    },
    exec: (terminal, choice, signal) => {
      if (choice.forwardAgent && !canForwardAgent) return Promise.reject(noAgent());
      return runExec(link, terminal, choice, signal);
    },
    run: (command, signal, input) => runForText(link, command, signal, input),
    async openChannel(host, port) {
      const channel = await ask<ClientChannel>(
        link,
        // The origin is for the server's log only.
        (ssh, done) => ssh.forwardOut('127.0.0.1', 0, host, port, done),
        (cause) => toForwardFailure(host, port, cause),
      );
      return new ChannelStream(channel, link.findLoss);
    },
    forwardRemote: createRemoteForwards(link),
    isAlive: (limitMs) => isAlive(link, limitMs),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Asks the server to end a forward that it does not have: any answer, the no that it will be, is a sign of life. */
async function isAlive(link: Link, limitMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const no = () => resolve(false);
  const timer = setTimeout(no, limitMs);
  // Whoever waits for a promise is remembered as long as that is open: here for as long as the connection stands.
  link.client.once('close', no);
  try {
    link.client.unforwardIn('127.0.0.1', 1, () => resolve(link.findLoss() === undefined));
    return await promise;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    link.client.off('close', no);
  }
}

function noAgent() {
  return failure('KEY_NOT_FOUND', {
    message: 'There is no SSH agent to forward',
    reason: 'SSH_AUTH_SOCK is not set',
    suggestions: [{ ...run('ssh-agent')`bash`, note: 'starts an agent, and a shell that uses it' }, run('ssh-add')``],
  });
}

/**
 * Reasons of RFC 4254 §5.1. Dropbear gives the same number for a connection that was refused, one that failed, and a
 * name that it cannot look up.
 */
function toForwardFailure(host: string, port: number, cause: Error) {
  const text = cause.message.replace(/^\(SSH\) Channel open failure: /, '').trim();
  const isForbidden = (cause as { reason?: unknown }).reason === 1;
  const end = formatAddress(host, port);
  return failure('FORWARD_FAILED', {
    message: isForbidden ? `The workspace opens no connection to ${end}` : describeUnanswered(host, end),
    reason: isForbidden ? 'the server does not allow this forward' : text || 'the connection was refused',
    suggestions: [{ ...ws`ssh -- ss -ltn`, again: { verb: 'other' } }],
    cause,
  });
}

/** To its own loopback the workspace always gets, so that only a program can be missing there. */
export function describeUnanswered(host: string, end: string): string {
  if (host.toLowerCase() === 'localhost' || isLoopbackAddress(host))
    return `Nothing in the workspace answers at ${end}`;
  const why = isIP(host) === 0 ? 'it does not know that name, or nothing answers there' : 'nothing answers there';
  return `The workspace cannot reach ${end}: ${why}`;
}
