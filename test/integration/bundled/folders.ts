import path from 'node:path';

export const SOURCE = path.resolve(import.meta.dirname, '../../../src');
export const BUNDLED = path.resolve(import.meta.dirname, '../../../.ws/bundled');
