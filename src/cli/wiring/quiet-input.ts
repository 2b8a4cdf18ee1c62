/** Loaded when something is drawn for the first time. */
export { quietInput } from '../../adapters/terminal/quiet-input.ts';
