/** The command reference as Markdown, from oclif's manifest. */

export interface ManifestFlag {
  name: string;
  type: 'option' | 'boolean';
  char?: string;
  description?: string;
  env?: string;
  helpGroup?: string;
  helpValue?: string;
  options?: string[];
  default?: unknown;
  allowNo?: boolean;
  multiple?: boolean;
  hidden?: boolean;
}

export interface ManifestCommand {
  id: string;
  summary: string;
  description?: string;
  usage?: string;
  examples?: string[];
  args: Record<string, { name: string; description?: string; required?: boolean; options?: string[] }>;
  flags: Record<string, ManifestFlag>;
  strict: boolean;
  enableJsonFlag: boolean;
  hidden?: boolean;
}

export interface Manifest {
  commands: Record<string, ManifestCommand>;
}

const HEADER = `# Commands

<!-- Written by scripts/docs.ts from oclif.manifest.json. Change the command, not this file. -->

\`ws COMMAND --help\` and \`ws help COMMAND\` print the same in a terminal, and \`ws help CODE\` what helps against an
error. A flag wins over its environment variable. The flags of every command may also stand before its name.

A command about one workspace takes its name as the first word, or anywhere as \`-w NAME\`. Without a name it means
\`WS_WORKSPACE\`, else the workspace that \`ws use\` gave this directory, else the only one there is.
`;

/** A topic is the first of two words, such as `config` in `config get`. */
export function toReference(manifest: Manifest, topics: Record<string, { description: string }>): string {
  const commands = Object.values(manifest.commands)
    .filter((command) => command.hidden !== true)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const [first] = commands;
  if (first === undefined) throw new Error('The manifest has no command');
  const rows = commands.map(
    (command) => `| [\`${toTitle(command)}\`](#${toAnchor(toTitle(command))}) | ${cell(command.summary)} |`,
  );
  const globals = Object.values(first.flags).filter(isGlobal);
  return [
    HEADER,
    table(['command', 'what it does'], rows),
    ...Object.entries(topics).map(([topic, { description }]) => `\`ws ${topic}\`: ${description.toLowerCase()}.\n`),
    '## Flags of every command\n',
    flagTable(globals),
    'Commands that print a result also have `--json`: [json.md](json.md).\n',
    ...commands.map(toSection),
  ].join('\n');
}

function toSection(command: ManifestCommand): string {
  const own = Object.values(command.flags).filter((flag) => !isGlobal(flag) && flag.name !== 'json');
  const args = Object.values(command.args);
  const parts = [`## ${toTitle(command)}\n`, `${command.summary}.\n`];
  if (command.description) parts.push(`${command.description}\n`);
  parts.push(`\`\`\`sh\n${(command.examples ?? []).map(toExample).join('\n')}\n\`\`\`\n`);
  parts.push(`Usage: \`${toUsage(command)}\`\n`);
  if (args.length > 0)
    parts.push(
      table(
        ['argument', 'what it is'],
        args.map(({ name, description = '', required, options }) => {
          const oneOf = options === undefined ? '' : `: ${options.map((option) => `\`${option}\``).join(', ')}`;
          return `| \`${name.toUpperCase()}\` | ${cell(description)}${oneOf}${required ? '' : ' (optional)'} |`;
        }),
      ),
    );
  if (own.length > 0) parts.push(flagTable(own));
  return parts.join('\n');
}

function flagTable(flags: ManifestFlag[]): string {
  return table(
    ['flag', 'environment', 'what it does'],
    flags.map((flag) => {
      const chosen = flag.options === undefined ? '' : `: ${flag.options.map((option) => `\`${option}\``).join(', ')}`;
      const preset =
        flag.type === 'option' && flag.default !== undefined ? `; default \`${String(flag.default)}\`` : '';
      const often = flag.multiple ? '; may be repeated' : '';
      const words = `${cell(flag.description ?? '')}${chosen}${preset}${often}`;
      return `| ${toFlag(flag)} | ${flag.env === undefined ? '' : `\`${flag.env}\``} | ${words} |`;
    }),
  );
}

function table(heads: string[], rows: string[]): string {
  return [`| ${heads.join(' | ')} |`, `|${' --- |'.repeat(heads.length)}`, ...rows, ''].join('\n');
}

function toFlag({ name, char, type, helpValue, allowNo }: ManifestFlag): string {
  const short = char === undefined ? '' : `\`-${char}\`, `;
  // As the help has it: with a blank, a value that may be left out would be another word.
  const value = type === 'boolean' ? '' : `=${helpValue ?? 'VALUE'}`;
  return `${short}\`--${allowNo ? '[no-]' : ''}${name}${value}\``.replaceAll('|', '\\|');
}

function toUsage(command: ManifestCommand): string {
  if (command.usage !== undefined) return `ws ${command.usage}`;
  const words = Object.values(command.args).map(({ name, required }, index, { length }) => {
    const word = `${name.toUpperCase()}${command.strict || index < length - 1 ? '' : '...'}`;
    return required ? word : `[${word}]`;
  });
  return [toTitle(command), ...words, '[FLAGS]'].join(' ');
}

function isGlobal(flag: ManifestFlag): boolean {
  return flag.helpGroup === 'GLOBAL' && flag.name !== 'json';
}

function toTitle({ id }: ManifestCommand): string {
  return `ws ${id.replaceAll(':', ' ')}`;
}

function toAnchor(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-');
}

function toExample(example: string): string {
  return example.replaceAll('<%= config.bin %>', 'ws');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
