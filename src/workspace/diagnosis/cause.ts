/** What a cause is, and what is found of one. `causes/table.ts` has them all. */
import type { Because } from '../errors/errors.ts';
import type { Suggestion } from '../errors/suggestion.ts';
import type { Scene } from './scene.ts';

export interface Cause {
  /** For machines, and the heading of its entry in the documentation. */
  code: string;
  group: CauseGroup;
  /** A sentence without a full stop. */
  title: string;
  /** What somebody sees who does not know it yet. */
  looksLike: string;
  /** What helps, in general. */
  help: string;
  /** Whether it can pass by itself. A wait for what cannot ends. */
  waiting: Waiting;
  find(scene: Scene): Finding[];
}

export type CauseGroup =
  | 'scheduling'
  | 'quota'
  | 'admission'
  | 'volume'
  | 'image'
  | 'start'
  | 'running'
  | 'ending'
  | 'rights'
  | 'login'
  | 'reach'
  | 'here'
  | 'other';

export type Waiting = 'helps' | 'useless';

/** What one cause says of a scene. */
export interface Finding {
  /** Kubernetes' own word, kept verbatim for machines and search engines. */
  reason: string;
  message: string;
  /** What it is known by: numbers side by side, labels, taints, somebody's own sentence. A line each. */
  evidence: string[];
  /** With numbers and names filled in; the first is the one to run. */
  suggestions: Suggestion[];
  /** What would have said more and could not be read. */
  unseen: string[];
  /** Where this one is otherwise than its kind. */
  waiting?: Waiting;
  /** It stands in the way only when the others are gone, so it comes after them. */
  isNext?: boolean;
}

/** What a finding says, a line each: the sentence, what it is known by, and what could not be read. */
export function listLines({ message, evidence, unseen }: Pick<Finding, 'message' | 'evidence' | 'unseen'>): string[] {
  return [message, ...evidence, ...unseen.map((what) => `Not seen: ${what}`)];
}

/** What an error says of its causes, the nearest of them first; undefined where none is known. */
export function toBecause([nearest, ...others]: readonly Found[]): Because | undefined {
  if (nearest === undefined) return undefined;
  const { code, evidence, suggestions } = nearest;
  const also = [...new Set(others.map((other) => other.code))].filter((other) => other !== code);
  return { code, evidence, suggestions, ...(also.length === 0 ? {} : { also }) };
}

/** A finding, and which cause it is of. */
export interface Found extends Finding {
  code: string;
  waiting: Waiting;
}
