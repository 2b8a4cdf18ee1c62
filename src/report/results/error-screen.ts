import { WorkspaceError } from '../../workspace/errors/errors.ts';
import { toPrintable, toVisible } from '../../workspace/errors/printable.ts';
import { maskSecrets } from '../../workspace/errors/secrets.ts';
import type { Spell } from '../../workspace/errors/spell.ts';
import { toHints } from '../hints.ts';
import { wrap } from '../wrap.ts';
import { JSON_VERSION, toSuggested } from './result-document.ts';

export interface ErrorScreenOptions {
  columns: number;
  color: boolean;
  /** Show where an unexpected error came from. */
  debug: boolean;
  spell: Spell;
}

const WIDEST = 100;

/** One screen: what happened, why, what to do, and what says more. An unknown error is a bug and says so. */
export function formatError(error: Error, options: ErrorScreenOptions): string {
  const red = options.color ? '\x1b[31m' : '';
  const dim = options.color ? '\x1b[2m' : '';
  const reset = options.color ? '\x1b[0m' : '';
  const width = Math.min(options.columns, WIDEST);
  const breakLines = (text: string) =>
    toPrintable(maskSecrets(text))
      .split('\n')
      .flatMap((line) => wrap(line, width - 2));
  const paragraph = (text: string) => breakLines(text).map((line) => `  ${line}`);
  const known = error instanceof WorkspaceError;
  const [first = '', ...rest] = breakLines(toVisible(error.message));
  const lines = [`${red}✗${reset} ${first}`, ...rest.map((line) => `  ${line}`)];
  if (known) {
    if (error.reason !== undefined) lines.push(...paragraph(error.reason));
    const hints = error.suggestions.flatMap((suggestion) => toHints(suggestion, options.spell, width - 4));
    if (hints.length > 0) lines.push('', '  Try:', ...hints.map((hint) => `    ${hint}`));
    lines.push('', `  ${dim}More: ${options.spell(error.more).line}${reset}`);
    if (options.debug && error.cause !== undefined)
      lines.push('', toPrintable(String((error.cause as Error).stack ?? error.cause)));
  } else {
    lines.push('', '  This is a bug in ws. What you had is untouched.');
    if (options.debug) lines.push('', toPrintable(error.stack ?? ''));
    else lines.push('  Run it again with --debug, and report what it prints.');
  }
  return `${lines.join('\n')}\n`;
}

/**
 * What is so when somebody ended it: no failure, so it has no mark, code or page. Nothing where nothing was at stake.
 */
export function formatInterruption(
  { reason, suggestions }: WorkspaceError,
  { columns, spell }: Pick<ErrorScreenOptions, 'columns' | 'spell'>,
): string {
  if (reason === undefined) return '';
  const width = Math.min(columns, WIDEST);
  const lines = toPrintable(maskSecrets(`${reason}.`))
    .split('\n')
    .flatMap((line) => wrap(line, width));
  const hints = suggestions.flatMap((suggestion) => toHints(suggestion, spell));
  return [...lines, ...hints.map((hint) => `  ${hint}`)].map((line) => `${line}\n`).join('');
}

/** The same as a document for `--json`. */
export function toErrorDocument(error: Error, spell: Spell): object {
  if (!(error instanceof WorkspaceError)) return { v: JSON_VERSION, error: { code: 'BUG', message: error.message } };
  const { code, kind, message, reason = null, because } = error;
  const ref = spell(error.more).line;
  const { also } = because ?? {};
  const others = also === undefined ? {} : { also };
  const cause = because === undefined ? {} : { cause: because.code, ...others, evidence: because.evidence };
  return {
    v: JSON_VERSION,
    error: { code, kind, message, reason, ...cause, ...toSuggested(error.suggestions, spell), ref },
  };
}
