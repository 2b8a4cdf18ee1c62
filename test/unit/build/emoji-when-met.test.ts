import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { PLUGINS } from '../../../scripts/bundle-plugins.ts';

type Width = (text: string) => number;

const ink = path.dirname(createRequire(import.meta.url).resolve('ink'));

async function load(plugins: typeof PLUGINS): Promise<{ width: Width; code: string }> {
  const { outputFiles } = await build({
    stdin: { contents: "export { default } from 'string-width';", resolveDir: ink },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    plugins,
  });
  const code = outputFiles[0]?.text ?? '';
  const { default: width } = (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)) as {
    default: Width;
  };
  return { width, code };
}

/** Every character up to the last plane that has emoji. */
const CHARACTERS = Array.from({ length: 0x20000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
const PICTURES = CHARACTERS.filter((character) => /\p{Emoji}/u.test(character));
const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(0x1f1e6 + index));

it('measures text as string-width does, though it asks later whether something is an emoji', async () => {
  const [ours, theirs] = await Promise.all([load(PLUGINS), load([])]);
  expect(ours.code).not.toBe(theirs.code);
  const sequences = [
    ...CHARACTERS,
    ...PICTURES.flatMap((picture) => [
      `${picture}\uFE0F`,
      `${picture}\uFE0E`,
      `${picture}\u20E3`,
      `${picture}\uFE0F\u20E3`,
      `${picture}\u{1F3FD}`,
      `${picture}\u200D${picture}`,
      `${picture}\uFE0F\u200D♂\uFE0F`,
    ]),
    ...LETTERS.flatMap((first) => LETTERS.map((second) => first + second)),
    '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
    '👩🏽\u200D❤\uFE0F\u200D💋\u200D👨🏿',
    '✓ Installed · ws-dev',
  ];
  expect(sequences.filter((text) => ours.width(text) !== theirs.width(text))).toEqual([]);
}, 60_000);
