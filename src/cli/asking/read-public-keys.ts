import { existsSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { failure } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { advice, run, type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import {
  formatAuthorizedKey,
  isPrivateKey,
  parseAuthorizedKeys,
  privateKeyGiven,
} from '../../workspace/keys/public-key.ts';
import { homeFolder } from '../terminal/machine.ts';

/**
 * Lines for authorized_keys from a file, `-` for stdin, or the key itself. Throws `BAD_PUBLIC_KEY` or `KEY_NOT_FOUND`.
 */
export async function readPublicKeys(source: string, stdin: Readable): Promise<string[]> {
  const { text, origin, file } = await read(source, stdin);
  if (isPrivateKey(text))
    throw privateKeyGiven(origin, file === undefined ? [ws`keys add FILE.pub`] : suggestPublicHalf(file, text, source));
  const keys = parseAuthorizedKeys(text, origin);
  if (keys.length === 0)
    throw failure('BAD_PUBLIC_KEY', {
      message: `${origin} holds no public key`,
      suggestions: [ws`keys add ~/.ssh/id_ed25519.pub`],
    });
  return keys.map(formatAuthorizedKey);
}

/** The public half of this very file: what stands beside it, else what makes it. */
function suggestPublicHalf(file: string, text: string, source: string): Suggestion[] {
  const half = `${file}.pub`;
  const add = { ...ws`keys add ${half}`, again: { instead: [source] } };
  if (existsSync(half)) return [add];
  if (text.startsWith('PuTTY')) return [advice('PuTTYgen shows its public half, to be put into a file of its own')];
  return [{ ...run('ssh-keygen')`-y -f ${file}`, into: half, note: 'makes its public half' }, add];
}

async function read(source: string, stdin: Readable): Promise<{ text: string; origin: string; file?: string }> {
  // A private key in the place of a path must not be taken for one: it would be shown.
  if (/^\S+ AAAA/.test(source) || isPrivateKey(source)) return { text: source, origin: 'the key' };
  if (source === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(chunk as Buffer);
    return { text: Buffer.concat(chunks).toString('utf8'), origin: 'stdin' };
  }
  const file = source.replace(/^~(?=\/)/, () => homeFolder());
  try {
    return { text: readFileSync(file, 'utf8'), origin: file, file };
  } catch (cause) {
    throw failure('KEY_NOT_FOUND', {
      message: `${file} cannot be read`,
      reason: toReason(cause, 'file'),
      suggestions: [run('ls')`~/.ssh`],
      cause,
    });
  }
}
