import fc from 'fast-check';
import { it } from 'vitest';

/** Cases of each property: few in `npm test`, many in `npm run test:fuzz`, which sets the variable. */
export const RUNS = Number(process.env.WS_FUZZ_RUNS ?? 500);

/**
 * One seed for the whole run. It is printed, and `WS_FUZZ_SEED=…` repeats the run. `npm test` tries the same cases each
 * time, so that it judges the change and not the day; `npm run test:fuzz` looks for new ones.
 */
const SEED = Number(process.env.WS_FUZZ_SEED ?? (process.env.WS_FUZZ_RUNS ? Math.floor(Math.random() * 2 ** 31) : 1));

const LIMIT_MS = 600_000;

let isSeedPrinted = false;

/**
 * A test of one property: `holds` must not throw for any value of `arbitrary`. A failure names the smallest value
 * found, the seed and the path to it.
 */
export function property<Value>(
  name: string,
  arbitrary: fc.Arbitrary<Value>,
  holds: (value: Value) => void | Promise<void>,
  runs = RUNS,
): void {
  it(`${name} (${runs} cases)`, { timeout: LIMIT_MS }, async () => {
    if (!isSeedPrinted) console.log(`The seed of these properties: WS_FUZZ_SEED=${SEED}`);
    isSeedPrinted = true;
    // fast-check takes what a property returns for its verdict; here only a throw is one.
    const judge = async (value: Value) => {
      await holds(value);
    };
    await fc.assert(fc.asyncProperty(arbitrary, judge), { numRuns: runs, seed: SEED });
  });
}

/** What a stranger would put where a word is expected: control characters, line ends, YAML, shell and ssh syntax. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '\n',
          '\r',
          '\r\n',
          '\t',
          '\0',
          '\u001b]52;c;aGk=\u0007',
          '\u001b[2J',
          '\u009b',
          '\u2028',
          '\u202e',
          '\ud800',
        ],
        ...[
          '---\n',
          '{{',
          '}}',
          ': ',
          '"',
          "'",
          '`',
          '\\',
          '#',
          '*',
          '&',
          '!',
          '|',
          '>',
          '%',
          '@',
          ',',
          '[',
          ']',
          '{',
          '}',
        ],
        ...[' ', '  ', '$(id)', '`id`', ';id', '&&id', '../', '/', '~', '=', '-', '--'],
        ...[
          'Host *\n',
          'ProxyCommand ',
          'Match all',
          'Include ',
          '%h',
          '%%',
          '${HOME}',
          '$HOME',
          '__proto__',
          'ssh-ed25519',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
