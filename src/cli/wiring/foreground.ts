import { findForeground } from '../../adapters/terminal/foreground.ts';

/** Whether what is drawn goes where somebody looks at it. A shell's job in the background would draw over others. */
export const isShown = (): boolean => findForeground() !== false;
