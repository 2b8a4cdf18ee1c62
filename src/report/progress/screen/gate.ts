import type { Writable } from 'node:stream';

/** A stream that swallows what is written to it while its gate is shut. */
export interface Gated<Stream> {
  readonly stream: Stream;
  isOpen: boolean;
}

export function toGated<Stream extends Writable>(behind: Stream, isOpen: boolean): Gated<Stream> {
  const gated = { stream: behind, isOpen };
  const write = (...words: Parameters<Writable['write']>) => {
    if (gated.isOpen) return behind.write(...words);
    const done: unknown = words.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  gated.stream = new Proxy(behind, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return gated;
}
