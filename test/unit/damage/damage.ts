/** Files as disks, editors and people leave them: the same ones each time, so that a failure can be looked at. */

/** A generator of numbers from 0 to 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What stands in a value's place: other types, and more than anything expects. */
const ODD_VALUES = [
  'null',
  '[]',
  '{}',
  '-1',
  '1e999',
  'true',
  '""',
  '"\\u0000"',
  '[[{}]]',
  '*a',
  '!!binary x',
  '"é漢"',
];

/** One text with one thing wrong with it, chosen by the seed. */
export function damage(text: string, seed: number): Buffer {
  const next = random(seed);
  const bytes = Buffer.from(text);
  const at = Math.floor(next() * bytes.length);
  const lines = text.split('\n');
  const line = Math.floor(next() * lines.length);
  switch (seed % 8) {
    case 0:
      return bytes.subarray(0, at);
    case 1: {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(next() * 8));
      return flipped;
    }
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(64), bytes.subarray(at)]);
    case 3:
      return Buffer.from(Array.from({ length: at }, () => Math.floor(next() * 256)));
    case 4:
      return Buffer.from(lines.toSpliced(line, 1).join('\n'));
    case 5:
      return Buffer.from(lines.toSpliced(line, 0, lines[line] ?? '').join('\n'));
    case 6: {
      const odd = ODD_VALUES[Math.floor(next() * ODD_VALUES.length)] ?? '';
      return Buffer.from(lines.toSpliced(line, 1, (lines[line] ?? '').replace(/: .*?(,?)$/, `: ${odd}$1`)).join('\n'));
    }
    default:
      return Buffer.concat([Buffer.from('\ufeff<<<<<<< HEAD\n'), bytes]);
  }
}
