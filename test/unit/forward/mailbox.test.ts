import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Mailbox } from '../../../src/operations/forwards/mailbox.ts';

/** What passes between two events: nothing, a few steps of promises, or a turn of the loop. */
const gap = fc.constantFrom('none', 'promise', 'promises', 'turn');

async function pass(kind: string): Promise<void> {
  if (kind === 'turn') await new Promise((resolve) => setImmediate(resolve));
  const steps = kind === 'promise' ? 1 : kind === 'promises' ? 3 : 0;
  for (let step = 0; step < steps; step += 1) await Promise.resolve();
}

it('hands out every event once and in order, whenever it comes and however slow the reader is, and then ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(gap, { maxLength: 20 }),
      fc.array(gap, { minLength: 1, maxLength: 5 }),
      async (gaps, pace) => {
        const mailbox = new Mailbox<number>();
        const read: number[] = [];
        const reading = (async () => {
          for await (const event of mailbox) {
            read.push(event);
            await pass(pace[event % pace.length] ?? 'none');
          }
        })();
        for (const [event, kind] of gaps.entries()) {
          mailbox.push(event);
          await pass(kind);
        }
        mailbox.close();
        await reading;
        expect(read).toEqual([...gaps.keys()]);
      },
    ),
    { numRuns: 300 },
  );
});
