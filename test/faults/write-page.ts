/** Writes the figures of the run before into docs/reliability.md. */
import path from 'node:path';
import { readFigures } from '../figures/figures.ts';
import { writeFigures } from '../figures/page.ts';

writeFigures(path.resolve(import.meta.dirname, '../../docs/reliability.md'), readFigures('faults'));
