import type { Row } from './rows.ts';
import type { Stage } from './stage.ts';

/** What a group has to say: rows of ratios, and paragraphs or tables of its own. */
export interface Findings {
  rows: Row[];
  text?: string;
}

export interface Setting {
  stage: Stage;
  /** Rounds of what is quick, and of what takes seconds. */
  rounds: number;
  slowRounds: number;
  /** Rounds of large transfers. */
  transferRounds: number;
  /** Size of a large transfer: long enough that the start does not count, short enough for several rounds. */
  bytes: number;
}

export type Group = (setting: Setting) => Promise<Findings>;
