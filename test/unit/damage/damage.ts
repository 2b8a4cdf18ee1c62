/** Files as disks, editors and people leave them: the same ones each time, so that a failure can be looked at. */
import { Random } from '../../random.ts';

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
  const random = new Random(seed);
  const bytes = Buffer.from(text);
  const at = Math.floor(random.fraction() * bytes.length);
  const lines = text.split('\n');
  const line = Math.floor(random.fraction() * lines.length);
  switch (seed % 8) {
    case 0:
      return bytes.subarray(0, at);
    case 1: {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random.fraction() * 8));
      return flipped;
    }
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(64), bytes.subarray(at)]);
    case 3:
      return Buffer.from(Array.from({ length: at }, () => Math.floor(random.fraction() * 256)));
    case 4:
      return Buffer.from(lines.toSpliced(line, 1).join('\n'));
    case 5:
      return Buffer.from(lines.toSpliced(line, 0, lines[line] ?? '').join('\n'));
    case 6: {
      const odd = ODD_VALUES[Math.floor(random.fraction() * ODD_VALUES.length)] ?? '';
      return Buffer.from(lines.toSpliced(line, 1, (lines[line] ?? '').replace(/: .*?(,?)$/, `: ${odd}$1`)).join('\n'));
    }
    default:
      return Buffer.concat([Buffer.from('\ufeff<<<<<<< HEAD\n'), bytes]);
  }
}
