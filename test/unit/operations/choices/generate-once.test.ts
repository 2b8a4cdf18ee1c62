import { expect, it } from 'vitest';
import { generateOnce } from '../../../../src/operations/choices/generate-once.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';
import { fakeClock, fakeWorld, makeIdentity, NEVER } from '../fake-world.ts';

const PATH = '/home/ana/.ssh/id_ed25519';

/** Somebody else has written the file first; `reads` is what a look at it finds, one after the other. */
async function generate(code: string, reads: (ReturnType<typeof makeIdentity> | undefined)[]) {
  const error = failure('LOCAL_FILE_FAILED', {
    message: 'not written',
    cause: Object.assign(new Error(code), { code }),
  });
  let looks = 0;
  const { world } = fakeWorld({
    clock: fakeClock(),
    identities: {
      generate: async () => Promise.reject(error),
      read: async () => {
        const found = reads[Math.min(looks, reads.length - 1)];
        looks += 1;
        return found ?? Promise.reject(failure('KEY_UNREADABLE', { message: 'half a key' }));
      },
    },
  });
  const made = await generateOnce({ path: PATH, comment: 'c' }, world, NEVER).catch((thrown: unknown) => thrown);
  return { made, looks, error };
}

it('a key that another run has made there meanwhile is taken, once it is whole', async () => {
  const identity = makeIdentity(1, { path: PATH });
  const { made, looks } = await generate('EEXIST', [undefined, undefined, identity]);
  expect([made, looks]).toEqual([{ ...identity, isOurs: false }, 3]);
});

it.each<[string, string, Parameters<typeof generate>[1]]>([
  ['that asks for a passphrase', 'EEXIST', [makeIdentity(1, { path: PATH, encrypted: true })]],
  ['that is none', 'EEXIST', [undefined]],
  ['that could not be written for another reason', 'EACCES', [makeIdentity(1, { path: PATH })]],
])('a file %s is a failure as before', async (_what, code, reads) => {
  const { made, error } = await generate(code, reads);
  expect(made).toBe(error);
});
