/** What the parts of a connection share: the client, and the reason once it is gone. */

import type { Client } from 'ssh2';
import type { ByteStream } from '../../workspace/byte-stream.ts';
import { failure, WorkspaceError } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { ws } from '../../workspace/errors/suggestion.ts';

export interface Link {
  client: Client;
  /** `CONNECTION_LOST` once the connection is gone; undefined while it stands. */
  findLoss(): WorkspaceError | undefined;
  /** Settles when the connection is gone: undefined after `close`, else the reason. */
  ended: Promise<WorkspaceError | undefined>;
  /** Absent where what carries it cannot be lost and found again. */
  watch: ByteStream['watch'];
  /** From here on we want the connection to end. */
  expectEnd(): void;
}

export function createLink(client: Client, stream: ByteStream): Link {
  let loss: WorkspaceError | undefined;
  let last: Error | undefined;
  let isEndWanted = false;
  const { promise, resolve } = Promise.withResolvers<WorkspaceError | undefined>();
  client.on('error', (error: Error) => {
    last = error;
  });
  // Before 'close' ssh2 ends all channels, and their ends must already know why.
  client.prependListener('end', () => {
    loss ??= toLoss(last);
  });
  client.prependListener('close', () => {
    loss ??= toLoss(last);
    resolve(isEndWanted ? undefined : loss);
  });
  return {
    client,
    findLoss: () => loss,
    ended: promise,
    watch: stream.watch?.bind(stream),
    expectEnd: () => {
      isEndWanted = true;
    },
  };
}

function toLoss(error: Error | undefined): WorkspaceError {
  if (error instanceof WorkspaceError) return error;
  return failure('CONNECTION_LOST', {
    message: 'The connection to the workspace is lost',
    reason: error === undefined ? 'the server or something on the way closed it' : toReason(error, 'address'),
    suggestions: [ws`status`, ws`ssh`],
    cause: error,
  });
}

/**
 * Opens something on the client, whose methods take a callback and throw when the connection is gone. Throws
 * `CONNECTION_LOST` or what `refuse` makes.
 */
export function ask<Result>(
  link: Link,
  start: (client: Client, done: (error: Error | undefined, result: Result) => void) => void,
  refuse: (error: Error) => Error,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(link.findLoss() ?? refuse(error));
    try {
      start(link.client, (error, result) => (error ? fail(error) : resolve(result)));
    } catch (error) {
      fail(error as Error);
    }
  });
}
