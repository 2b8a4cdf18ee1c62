import { describe, expect, it } from 'vitest';
import { isOpening, readAuthorizedKeys } from '../../src/contract/keys/authorized-keys.ts';
import { findKeyDamage } from '../../src/contract/keys/key-damage.ts';
import { listKeyVariants } from '../authorized/keys.ts';
import { type LineCase, listLineCases, listTextCases } from '../authorized/lines.ts';
import { DropbearJudge } from './dropbear-judge.ts';
import type { UnpackedImage } from './unpacked.ts';

export function describeAuthorizedKeys(image: () => UnpackedImage): void {
  describe("Dropbear's rules for authorized keys", () => {
    it('L6H3-KEYAUTH: are those of our table: nobody is let in, or kept out, otherwise than we say', async () => {
      using judge = await DropbearJudge.open(image().rootfs);
      const cases = [...listLineCases(), ...listTextCases()];
      const verdicts = await judge.judge(cases);
      expect(cases.flatMap((one, index) => findDifference(one, verdicts[index]?.isLetIn))).toEqual([]);
      // Neither says the same of everything, and Dropbear ends over nothing but lines of blanks.
      expect(verdicts.filter(({ isLetIn }) => isLetIn).length).toBeGreaterThan(cases.length / 4);
      expect(verdicts.filter(({ isLetIn }) => !isLetIn).length).toBeGreaterThan(cases.length / 4);
      const ended = cases.filter((_, index) => verdicts[index]?.end !== undefined);
      expect(ended.filter(({ text }) => !/^[ \t]{10,}$/m.test(text))).toEqual([]);
    });

    it('are those of our table for the bytes of a key, too', async () => {
      using judge = await DropbearJudge.open(image().rootfs);
      const keys = listKeyVariants();
      const ours = keys.filter(({ type, blob }) => findKeyDamage(type, Buffer.from(blob, 'base64')) === undefined);
      expect(await judge.listReadable(keys)).toEqual(ours);
      expect(ours.length).toBeGreaterThan(5);
      expect(keys.length - ours.length).toBeGreaterThan(15);
    });
  });
}

function findDifference({ text, key }: LineCase, isLetIn: boolean | undefined): object[] {
  const lines = readAuthorizedKeys(text);
  const isOurs = lines.some((line) => isOpening(line) && line.key?.blob === key.blob);
  const faults = lines.map(({ fault }) => fault).filter(Boolean);
  return isOurs === isLetIn ? [] : [{ dropbear: isLetIn, ours: isOurs, faults, text }];
}
