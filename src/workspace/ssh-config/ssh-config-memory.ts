/** Reads back what the file of Host blocks says of this machine, to compare it with the machine as it is now. */
import { type HostPlace, readBlocks } from './ssh-config.ts';

/** Its kubeconfig is a file, or a list like KUBECONFIG's. */
export interface RememberedHost extends Omit<HostPlace, 'isKubeconfigList'> {
  /** `ws-NAME`. */
  name: string;
  /** As OpenSSH's setting, which a shell's or OpenSSH's own quoting may surround. */
  proxyCommand: string;
  identityFile: string | undefined;
}

/** Every host in a text that names its cluster. */
export function listRememberedHosts(text: string): RememberedHost[] {
  return readBlocks(text).flatMap(({ name, mark, readSetting }) => {
    const words =
      /^# context ("(?:[^"\\]|\\.)*"), namespace ("(?:[^"\\]|\\.)*")(?:, kubeconfig ("(?:[^"\\]|\\.)*"))?$/.exec(
        toText(mark) ?? '',
      );
    if (words === null) return [];
    const [context = '', namespace = '', kubeconfig] = words.slice(1).map(parseWord);
    const identityFile = toText(readSetting('IdentityFile'));
    return {
      name,
      context,
      namespace,
      kubeconfig,
      proxyCommand: toText(readSetting('ProxyCommand')) ?? '',
      identityFile: identityFile === undefined ? undefined : unquote(identityFile),
    };
  });
}

function parseWord(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  try {
    return JSON.parse(word) as string;
  } catch {
    return undefined;
  }
}

function toText(bytes: string | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The inverse of `toConfigArgument`. */
function unquote(argument: string): string {
  const bare = /^"(.*)"$/.exec(argument)?.[1]?.replace(/\\(["'\\])/g, '$1') ?? argument;
  return bare.replaceAll('%%', '%');
}
