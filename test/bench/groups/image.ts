import { execFileSync } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Group } from '../group.ts';

/** What a node pulls. The archive is `docker save`'s form; `WS_BENCH_IMAGE` names it. */
export const measureImage: Group = async () => {
  const archive = process.env['WS_BENCH_IMAGE'] ?? '';
  const read = (name: string) => execFileSync('tar', ['-xOf', archive, name], { maxBuffer: 1 << 26, encoding: 'utf8' });
  const [manifest] = JSON.parse(read('manifest.json')) as { Config: string; Layers: string[] }[];
  const config = JSON.parse(read(manifest?.Config ?? '')) as {
    history: { created_by?: string; empty_layer?: boolean }[];
  };
  const steps = config.history.filter(({ empty_layer }) => empty_layer !== true);
  const sizes = new Map(
    execFileSync('tar', ['-tvf', archive], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => {
        const [, , size, , , name] = line.split(/\s+/);
        return name === undefined ? [] : [[name, Number(size)] as const];
      }),
  );
  let compressed = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      compressed += chunk.length;
      done();
    },
  });
  await pipeline(createReadStream(archive), createGzip(), count);
  const layers = (manifest?.Layers ?? []).map((name, index) => {
    const step = (steps[index]?.created_by ?? '')
      .replace(/^\/bin\/(?:ba)?sh -c (?:#\(nop\) )?/, '')
      .replace(/\s+/g, ' ');
    return `| ${((sizes.get(name) ?? 0) / 2 ** 20).toFixed(1)} MiB | \`${step.replaceAll('|', '\\|').slice(0, 90)}\` |`;
  });
  const text = [
    `The image is ${(statSync(archive).size / 2 ** 20).toFixed(0)} MiB, ${(compressed / 2 ** 20).toFixed(0)} MiB compressed with gzip, as a registry keeps it. These are its layers, from the base up. A release that`,
    'changes only the supervisor changes the layers from its `COPY` on.',
    '',
    '| size | made by |',
    '| --- | --- |',
    ...layers,
  ].join('\n');
  return { rows: [], text };
};
