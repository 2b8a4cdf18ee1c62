/** Writes the tables of docs/clients.md from the results of the run before. */
import path from 'node:path';
import { readFigures } from '../figures/figures.ts';
import { toTable as toFigureTable, writeBetweenMarks } from '../figures/page.ts';
import { readResults, toTable } from './results.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/clients.md');

writeBetweenMarks(PAGE, [toTable(readResults()), toFigureTable(readFigures('clients'))].join('\n\n'));
