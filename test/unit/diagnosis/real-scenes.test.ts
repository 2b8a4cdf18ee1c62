/** Scenes of a real cluster (`npm run test:diagnosis` keeps them in .ws/reports): each has the cause that was made. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, type WorkspaceScene } from '../../../src/workspace/diagnosis/diagnosis.ts';

const FOLDER = path.join(import.meta.dirname, 'golden');

interface RealScene {
  code: string;
  how: string;
  scene: WorkspaceScene;
}

const groups = readdirSync(FOLDER).map((file): [string, RealScene[]] => [
  path.basename(file, '.json'),
  JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as RealScene[],
]);

describe.each(groups)('%s', (_group, scenes) => {
  it.each(scenes)('$code: $how', ({ code, scene }) => {
    const { causes } = diagnose(scene);
    expect(causes[0]).toMatchObject({ code });
    expect(causes[0]?.suggestions).not.toEqual([]);
    // What one cause explains, no other one claims.
    expect(causes.map((cause) => cause.code)).toEqual([code]);
  });
});

it('there are scenes of many causes', () => {
  expect(new Set(groups.flatMap(([, scenes]) => scenes.map(({ code }) => code))).size).toBeGreaterThan(20);
});
