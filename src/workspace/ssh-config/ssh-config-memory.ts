/** Reads back what the file of Host blocks says of this machine, to compare it with the machine as it is now. */
import { type HostPlace, readBlocks } from './host-blocks.ts';

/** Its kubeconfig is a file, or a list like KUBECONFIG's. */
export interface RememberedHost extends Omit<HostPlace, 'isKubeconfigList'> {
  /** `ws-NAME`, or with the place behind it. */
  name: string;
  workspace: string;
  hostKeyAlias: string | undefined;
  /** As OpenSSH's setting, which a shell's or OpenSSH's own quoting may surround. */
  proxyCommand: string;
  identityFile: string | undefined;
}

/** Every host in a text that names its cluster. */
export function listRememberedHosts(text: string): RememberedHost[] {
  return readBlocks(text).flatMap(({ name, workspace, place, readSetting }) => {
    if (place === undefined) return [];
    const identityFile = toText(readSetting('IdentityFile'));
    return {
      name,
      workspace,
      ...place,
      hostKeyAlias: readSetting('HostKeyAlias'),
      proxyCommand: toText(readSetting('ProxyCommand')) ?? '',
      identityFile: identityFile === undefined ? undefined : unquote(identityFile),
    };
  });
}

function toText(bytes: string | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The inverse of `toConfigArgument`. */
function unquote(argument: string): string {
  const bare = /^"(.*)"$/.exec(argument)?.[1]?.replace(/\\(["'\\])/g, '$1') ?? argument;
  return bare.replaceAll('%%', '%');
}
