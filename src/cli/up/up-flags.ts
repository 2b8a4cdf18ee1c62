import { Flags, type Interfaces } from '@oclif/core';
import {
  CHOICE_NAMES,
  type ChoiceName,
  type Choices,
  rowOf,
  type TypedChoices,
  toFlagName,
  toWords,
} from '../../workspace/choices/chosen.ts';
import { maskSecrets } from '../../workspace/errors/secrets.ts';
import { type Command, toFlag as toFlagWords } from '../../workspace/errors/suggestion.ts';
import { connectFlags, keepPassphraseFlag, resumeFlag } from '../command/flags.ts';

/** oclif's flag of each row of the table. */
type ChoiceFlags = { [Name in keyof TypedChoices]-?: Interfaces.OptionFlag<TypedChoices[Name]> };

function toFlag(name: ChoiceName) {
  const { former, exclusive, multiple, ...text } = rowOf(name).flag;
  const flag = { ...text, ...(exclusive === undefined ? {} : { exclusive: [...exclusive] }) };
  if (multiple === true) return Flags.string({ ...flag, multiple, multipleNonGreedy: true });
  if (former === undefined) return Flags.string(flag);
  const aliases = { aliases: [former.name], charAliases: [former.char] };
  return Flags.string({ ...flag, ...aliases, default: async () => process.env[former.env] || undefined });
}

const choiceFlags = Object.fromEntries(CHOICE_NAMES.map((name) => [toFlagName(name), toFlag(name)])) as ChoiceFlags;

/** Other flags of `ws up`: how to do it, and what to do in the workspace. */
const runFlags = {
  values: Flags.string({
    char: 'f',
    description: "the chart's values, below what flags say and above what the workspace has",
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'POD',
    helpValue: 'FILE',
  }),
  'create-namespace': Flags.boolean({
    description: 'make the namespace if it is not there',
    env: 'WS_CREATE_NAMESPACE',
  }),
  yes: Flags.boolean({
    char: 'y',
    description: 'ask nothing; take settings and defaults, not the last answers',
    env: 'WS_YES',
  }),
  'dry-run': Flags.boolean({ description: 'say what would be done, and whether it restarts; change nothing' }),
  shell: Flags.boolean({ description: 'end in a shell', default: true, allowNo: true }),
  ...resumeFlag,
  repair: Flags.boolean({ description: 'write the release again though nothing changed' }),
  ...keepPassphraseFlag,
  'local-port': Flags.string({
    description:
      'local port that leads to the SSH server while you are connected; 0 for none (default 2222, or the next free one)',
    env: 'WS_LOCAL_PORT',
    helpValue: 'PORT',
  }),
  dotfiles: Flags.string({
    description: 'repository with your dotfiles; its install script is run once',
    env: 'WS_DOTFILES',
    helpGroup: 'HOME',
    helpValue: 'URL',
  }),
  clone: Flags.string({
    description: 'repository to clone into the home once',
    env: 'WS_CLONE',
    helpGroup: 'HOME',
    helpValue: 'URL',
  }),
  'accept-host-key': connectFlags['accept-host-key'],
  'wait-timeout': connectFlags['wait-timeout'],
};

export const upFlags = { ...choiceFlags, ...runFlags };

export type UpFlags = Interfaces.InferredFlags<typeof upFlags>;

/** The `ws up` that asks nothing and does the same. It leaves out tokens in addresses. */
export function toUpCommand(workspace: string, choices: Choices, flags: UpFlags): Command {
  return { program: 'ws', words: ['up', ...toWords(choices), ...repeatRunFlags(flags)].map(maskSecrets), workspace };
}

/** The flags that differ from their defaults. `--yes` is not needed where everything is answered. */
function repeatRunFlags(flags: UpFlags): string[] {
  return Object.entries(runFlags).flatMap(([name, flag]) => {
    const value = flags[name as keyof typeof runFlags];
    if (name === 'yes' || value === undefined || value === flag.default) return [];
    if (value === true) return [`--${name}`];
    if (value === false) return 'allowNo' in flag && flag.allowNo ? [`--no-${name}`] : [];
    return [value].flat().flatMap((text) => toFlagWords(`--${name}`, text));
  });
}
