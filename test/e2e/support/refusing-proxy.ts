/** A proxy in front of the cluster's API server that refuses one write, the n-th, and lets all else through. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiProxy, startApiProxy } from './api-proxy.ts';

export interface RefusingProxy extends ApiProxy {
  /** From now on the n-th write is refused; 0 is none. */
  refuse(nth: number): void;
  /** Writes since `refuse`, as `POST secrets`. */
  writes: string[];
}

/** Questions that are asked by a POST. */
const QUESTION = /\/(selfsubject\w+|subjectaccessreviews|tokenreviews)$/;

export async function startRefusingProxy(kubeconfig: string): Promise<RefusingProxy> {
  const writes: string[] = [];
  let nth = 0;
  const proxy = await startApiProxy(kubeconfig, {
    answer(request, response) {
      const isWrite = request.method !== 'GET' && !QUESTION.test(request.url?.split('?')[0] ?? '');
      if (isWrite) writes.push(`${request.method} ${request.url?.split('?')[0]?.split('/').slice(-2).join('/')}`);
      if (!isWrite || writes.length !== nth) return false;
      refuse(request, response);
      return true;
    },
  });
  return {
    ...proxy,
    writes,
    refuse(number) {
      nth = number;
      writes.length = 0;
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code: 403,
    reason: 'Forbidden',
    message: `${request.url?.split('/').at(-1)} is forbidden: exceeded quota: refused on purpose`,
  };
  response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(status));
}
