import { describe, expect, it } from 'vitest';
import { NAMED_BY_FLAG, NAMED_FIRST } from '../../../src/workspace/errors/spell.ts';
import { listCommandIds } from './command-lines.ts';

describe('the commands that are about one workspace', () => {
  it('are those of the manifest', () => {
    const ids = listCommandIds(({ args, hidden }) => hidden !== true && args.includes('workspace'));
    expect(NAMED_FIRST).toEqual(ids.filter((id) => id !== 'use'));
    expect(NAMED_BY_FLAG).toEqual(
      listCommandIds(({ flags, hidden }) => hidden !== true && flags.includes('workspace')),
    );
  });
});
