import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { failure } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { run, ws } from '../../workspace/errors/suggestion.ts';
import { formatAuthorizedKey, parseAuthorizedKeys } from '../../workspace/keys/public-key.ts';
import { homeFolder } from '../terminal/machine.ts';

/**
 * Lines for authorized_keys from a file, `-` for stdin, or the key itself. Throws `BAD_PUBLIC_KEY` or `KEY_NOT_FOUND`.
 */
export async function readPublicKeys(source: string, stdin: Readable): Promise<string[]> {
  const { text, origin } = await read(source, stdin);
  const keys = parseAuthorizedKeys(text, origin);
  if (keys.length === 0)
    throw failure('BAD_PUBLIC_KEY', {
      message: `${origin} holds no public key`,
      suggestions: [ws`keys add ~/.ssh/id_ed25519.pub`],
    });
  return keys.map(formatAuthorizedKey);
}

async function read(source: string, stdin: Readable): Promise<{ text: string; origin: string }> {
  if (/^\S+ AAAA/.test(source)) return { text: source, origin: 'the key' };
  if (source === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(chunk as Buffer);
    return { text: Buffer.concat(chunks).toString('utf8'), origin: 'stdin' };
  }
  const file = source.replace(/^~(?=\/)/, () => homeFolder());
  try {
    return { text: readFileSync(file, 'utf8'), origin: file };
  } catch (cause) {
    throw failure('KEY_NOT_FOUND', {
      message: `${file} cannot be read`,
      reason: toReason(cause, 'file'),
      suggestions: [run('ls')`~/.ssh`],
      cause,
    });
  }
}
