import { failure } from '../../workspace/errors/errors.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { correction } from '../../workspace/errors/suggestion.ts';
import { DEFAULT_WORKSPACE } from '../../workspace/names.ts';
import { type DirectAddress, parseDirect } from '../../workspace/ways/direct.ts';

/** `dev=HOST[:PORT]`; nothing behind the `=` leads through the API server again. Throws `BAD_VALUE`. */
export function parseDirectAddresses(texts: readonly string[] = []): Map<string, DirectAddress | 'none'> {
  return new Map(
    texts.map((text) => {
      const [, name, address] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || address === undefined) throw withoutName(text);
      return [name, address === '' ? 'none' : parseDirect(address, `${name}=`)];
    }),
  );
}

function withoutName(text: string) {
  return failure('BAD_VALUE', {
    message: `--direct ${toQuoted(text)} names no workspace`,
    reason: 'An address leads to one workspace, whose name stands before it and a =',
    suggestions: [correction('--direct', `${DEFAULT_WORKSPACE}=${text.replace(/^=/, '')}`, text)],
  });
}
