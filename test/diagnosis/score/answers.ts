/** What `ws` named, read from its JSON: results, error documents, progress lines. */

export interface Named {
  code: string;
  /** All that it quotes. */
  evidence: string;
  /** What it suggests, as printed, the first one first: commands, and sentences that are none. */
  suggestions: { command?: string; text?: string }[];
}

type Fields = Record<string, unknown>;

/** The causes of a document, the nearest first; wherever in it they stand. */
export function readNamed(document: unknown): Named[] {
  if (Array.isArray(document)) return document.flatMap(readNamed);
  if (typeof document !== 'object' || document === null) return [];
  const { code, evidence, error, check, ...more } = document as Fields;
  if (typeof check === 'string' && typeof code === 'string')
    return [{ code, evidence: JSON.stringify(document), suggestions: readSuggestions(document as Fields) }];
  if (error !== undefined) return readError(error as Fields);
  if (typeof code === 'string' && Array.isArray(evidence))
    return [{ code, evidence: JSON.stringify(document), suggestions: readSuggestions(document as Fields) }];
  return Object.values(more).flatMap(readNamed);
}

/**
 * Most errors have a cause of their own: their code names it. Those that are thrown for many causes have one beside it.
 */
const OF_MANY_CAUSES = [
  ...[
    'BAD_WORKSPACE_NAME',
    'BUG',
    'CLUSTER_UNREACHABLE',
    'CONNECTION_FAILED',
    'CONNECTION_LOST',
    'CREDENTIALS_REJECTED',
    'HELM_FAILED',
  ],
  ...['HOME_CONFLICT', 'INTERRUPTED', 'NOT_PERMITTED', 'SETTINGS_INVALID', 'WORKSPACE_FAILED', 'WORKSPACE_NOT_READY'],
];

function readError(error: Fields): Named[] {
  const { code, cause, also } = error;
  const named = typeof cause === 'string' ? cause : OF_MANY_CAUSES.includes(String(code)) ? undefined : String(code);
  if (named === undefined) return [];
  const whole = { evidence: JSON.stringify(error), suggestions: readSuggestions(error) };
  const others = Array.isArray(also) ? also.map(String) : [];
  return [named, ...others].map((one) => ({ code: one, ...whole }));
}

function readSuggestions({ suggested, suggestions, suggestion }: Fields): Named['suggestions'] {
  const list = [suggested, suggestions].find(Array.isArray) ?? (suggestion === undefined ? [] : [suggestion]);
  return list.flatMap((one: unknown): Named['suggestions'] => {
    if (typeof one === 'string') return /^[a-z-]+ [a-z-]+/.test(one) ? [{ command: one }] : [{ text: one }];
    const { command, text } = one as Fields;
    if (typeof command === 'string') return [{ command }];
    return typeof text === 'string' ? [{ text }] : [];
  });
}

/** Each document of the text: a line of progress, or a result over several lines. */
export function readLines(text: string): unknown[] {
  const at = text.search(/^\{$/m);
  const lines = (at < 0 ? text : text.slice(0, at)).split('\n');
  return [...lines, ...(at < 0 ? [] : [text.slice(at)])].flatMap((one) => {
    try {
      return one.startsWith('{') ? [JSON.parse(one) as unknown] : [];
    } catch {
      return [];
    }
  });
}
