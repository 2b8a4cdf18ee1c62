/** Writes the figures of the run before into docs/reliability.md. */
import path from 'node:path';
import { readFigures } from '../figures/figures.ts';
import { writeFigures } from '../figures/page.ts';

/** The order of the files changes from run to run. What belongs together begins with the same words. */
const figures = readFigures('faults').toSorted((one, other) => one.what.localeCompare(other.what));
writeFigures(path.resolve(import.meta.dirname, '../../docs/reliability.md'), figures);
