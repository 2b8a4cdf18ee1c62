/** From when until when the API server's certificate is valid: OpenSSL says only that it is not. */
import { isIP } from 'node:net';
import tls from 'node:tls';

const LIMIT_MS = 3000;

export interface ServerDates {
  fromMs: number;
  toMs: number;
}

/** Undefined when it cannot be seen. The connection is closed before a byte is sent, so nobody need be trusted. */
export function readServerDates(server: URL, name: string | undefined): Promise<ServerDates | undefined> {
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const servername = name ?? (isIP(host) === 0 ? host : '');
  return new Promise((resolve) => {
    const socket = tls.connect({ host, port: Number(server.port || 443), servername, rejectUnauthorized: false });
    const end = (dates: ServerDates | undefined) => {
      socket.destroy();
      resolve(dates);
    };
    socket.setTimeout(LIMIT_MS, () => end(undefined));
    socket.on('error', () => end(undefined));
    socket.on('secureConnect', () => {
      const { valid_from: from, valid_to: to } = socket.getPeerCertificate();
      const dates = { fromMs: Date.parse(from), toMs: Date.parse(to) };
      end(Number.isNaN(dates.fromMs + dates.toMs) ? undefined : dates);
    });
  });
}
