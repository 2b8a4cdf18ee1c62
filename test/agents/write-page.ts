/** Writes the figures of the run before into docs/agents.md. */
import path from 'node:path';
import { readFigures } from '../figures/figures.ts';
import { writeFigures } from '../figures/page.ts';

writeFigures(path.resolve(import.meta.dirname, '../../docs/agents.md'), readFigures('agents'));
