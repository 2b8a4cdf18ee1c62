type Environment = Readonly<Record<string, string | undefined>>;

/** Terminals whose fonts or character sets lack the signs, whatever the locale says. */
const POOR_TERMINALS = /^(?:linux|dumb|unknown|ansi|cons25|vt\d.*)$/;

/** The first that is set decides (POSIX). */
const LOCALE_VARIABLES = ['LC_ALL', 'LC_CTYPE', 'LANG'] as const;

/**
 * Whether the terminal has signs beyond ASCII. If no variable names a locale, it has, by systemd's rule: containers and
 * agents set none, and show UTF-8. A locale that is named says so by its character set; C and POSIX have none.
 */
export function hasUnicode(environment: Environment, platform: NodeJS.Platform): boolean {
  if (POOR_TERMINALS.test(environment['TERM'] ?? '')) return false;
  if (platform === 'win32') return isWindowsWithSigns(environment);
  const locale = LOCALE_VARIABLES.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
  return locale === undefined || /utf-?8/i.test(locale);
}

/**
 * Node writes UTF-16 to a console there, so its code page is no matter; its font is. The old console says nothing of
 * itself, the others do.
 */
function isWindowsWithSigns(environment: Environment): boolean {
  const { WT_SESSION, ConEmuTask, TERM_PROGRAM, TERM, TERMINAL_EMULATOR } = environment;
  return [WT_SESSION, ConEmuTask, TERM_PROGRAM, TERM, TERMINAL_EMULATOR].some(Boolean);
}
