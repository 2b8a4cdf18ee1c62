/** A cause that is made for real, and what `ws` has to say of it. */
import type { DiagnosisStage } from './stage.ts';

export interface Scenario {
  /** The cause's code. */
  code: string;
  /** How it is made, where a cause has several rows. */
  how: string;
  /** Makes it, with names and numbers that differ with `n`, which counts from 1. */
  make(stage: DiagnosisStage, n: number): Promise<Made> | Made;
}

export interface Made {
  /** The words of `ws` that meet it. */
  words: string[];
  environment?: Record<string, string>;
  /** What the evidence must hold, wherever in it. */
  evidence: (string | RegExp)[];
  /**
   * What the first suggestion does when it is run as printed. `ready`: the workspace becomes ready. `runs`: the command
   * ends with 0. `removes`: `ws status` names the cause no more, and the next thing may be wrong. Undefined: no command
   * can remove it here.
   */
  mend?: 'ready' | 'runs' | 'removes';
  /** `ws status` names the same cause while it lasts. Default: it does not have to. */
  status?: boolean;
}

/** What `ws` was made to do once is done again with other numbers: a value of a list, by `n`. */
export function pick<Value>(values: readonly [Value, ...Value[]], n: number): Value {
  return values[(n - 1) % values.length] ?? values[0];
}
