/** Listening on a local port, or on the next free one. */
import type { Server } from 'node:net';
import { failure } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { run } from '../../workspace/errors/suggestion.ts';
import { formatAddress } from '../../workspace/forwards/mapping.ts';
import type { ListenOptions } from '../../workspace/world.ts';

/** How far we look for a free port. Farther ones are hard to recognize. */
const NEIGHBOURS = 50;

type Wish = Pick<ListenOptions, 'address' | 'port' | 'anyFreePort' | 'suggest'>;

/** The port that the server listens on. Throws `LOCAL_PORT_TAKEN`. */
export async function bind(server: Server, wish: Wish): Promise<number> {
  const { address, port, anyFreePort } = wish;
  const neighbours = Array.from({ length: NEIGHBOURS }, (_, index) => port + 1 + index).filter(
    (next) => next <= 65_535,
  );
  const candidates = anyFreePort && port !== 0 ? [port, ...neighbours, 0] : [port];
  let refusal: unknown;
  for (const candidate of candidates) {
    try {
      return await tryToListen(server, address, candidate);
    } catch (error) {
      refusal ??= error;
      if ((error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL') break;
    }
  }
  throw toFailure(refusal as NodeJS.ErrnoException, wish);
}

function tryToListen(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Without a host Node listens on every address of both families, or of the only one it has.
    server.listen(address === '*' ? { port } : { host: address, port }, () => {
      server.off('error', reject);
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function toFailure(error: NodeJS.ErrnoException, { address, port, suggest }: Wish) {
  const where = formatAddress(address, port);
  if (error.code === 'EADDRINUSE') {
    return failure('LOCAL_PORT_TAKEN', {
      message: `Port ${port} on ${address} is taken`,
      reason: 'another program listens there',
      suggestions: [suggest(port < 65_535 ? port + 1 : port - 1), run('ss')`-ltnp ${`sport = :${port}`}`],
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return failure('LOCAL_PORT_TAKEN', {
      message: `Port ${port} on ${address} may not be used`,
      reason:
        port < 1024 ? 'ports below 1024 are for the administrator on this machine' : 'this machine does not allow it',
      suggestions: [suggest(port < 1024 ? port + 8000 : port + 1)],
      cause: error,
    });
  }
  return failure('LOCAL_PORT_TAKEN', {
    message: `Nothing can listen on ${where}`,
    reason:
      error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
        ? `${address} is no address of this machine`
        : toReason(error, 'address'),
    suggestions: [suggest(port)],
    cause: error,
  });
}
