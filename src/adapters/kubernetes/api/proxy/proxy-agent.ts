/** Connections to the API server through a proxy, and the proxy's own faults: they are none of the API server's. */
import type http from 'node:http';
import type https from 'node:https';
import type { Socket } from 'node:net';
import type { HttpsProxyAgent as HttpAgent } from 'https-proxy-agent';
import type { SocksProxyAgent as SocksAgent } from 'socks-proxy-agent';
import { type Proxy, toProxyError } from './proxy-error.ts';

/** Less than a request has for its connection, so that the error names the proxy. */
const ANSWER_LIMIT_MS = 9_000;

/**
 * Connections to the API server through a proxy of a kind that Go knows too. `trust` is for the API server, never for
 * the proxy.
 */
export async function makeProxyAgent(
  proxy: Proxy,
  server: URL,
  trust: https.AgentOptions,
  options: http.AgentOptions,
): Promise<http.Agent> {
  const { url } = proxy;
  const orFault = <T>(connected: Promise<T>) =>
    within(connected).catch((cause: unknown) => {
      throw toProxyError(proxy, server, cause);
    });
  if (/^socks/i.test(url)) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    class SocksTunnel extends SocksProxyAgent {
      override async connect(...[request, target]: Parameters<SocksAgent['connect']>) {
        return orFault(super.connect(request, target));
      }
    }
    // Go lets the proxy look the server's name up, which may be known there alone; this agent does so by another
    // scheme.
    return new SocksTunnel(url.replace(/^socks5:/i, 'socks5h:'), { ...trust, ...options });
  }
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  class Tunnel extends HttpsProxyAgent<string> {
    override async connect(...[request, target]: Parameters<HttpAgent<string>['connect']>): Promise<Socket> {
      let status: number | undefined;
      request.once('proxyConnect', (answer: { statusCode: number }) => {
        status = answer.statusCode;
      });
      const socket = await orFault(super.connect(request, { ...target, ...trust }));
      if (status === 200) return socket;
      // It would hand on what the proxy says as if the API server had said it.
      socket.destroy();
      throw toProxyError(proxy, server, status);
    }
  }
  return new Tunnel(url, options);
}

async function within<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => reject(late), ANSWER_LIMIT_MS);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
