/** What `ws doctor` says of this machine. Nothing here needs a cluster. */
import { run } from '../../workspace/errors/suggestion.ts';
import type { Machine, OpenSsh } from '../../workspace/machine.ts';
import { good, type Judgement, warning } from './examine.ts';

/** In containers and CI a UID need not have a line in passwd. `ws` works there, and OpenSSH does not. */
export function judgeAccount({ account: { uid, name, home, accountHome } }: Machine): Judgement {
  if (name === undefined)
    return warning(`UID ${uid} has no line in /etc/passwd: its number is its name here, and OpenSSH refuses to run`);
  const who = uid === undefined ? name : `${name} (UID ${uid})`;
  if (accountHome !== undefined && accountHome !== home)
    return warning(`${who}; HOME is ${home}, but ssh looks for its configuration in ${accountHome}, as passwd says`);
  return good(who);
}

export function judgeFolders({ ignoredVariables, settingsFolder: { path, fault } }: Machine): Judgement {
  if (fault !== undefined)
    return warning(`${path} cannot be written: ${fault}`, run('export')`WS_CONFIG_DIR=${'FOLDER'}`);
  if (ignoredVariables.length === 0) return good(path);
  const are =
    ignoredVariables.length === 1 ? 'is empty or relative, so it counts' : 'are empty or relative, so they count';
  return warning(`${path}; ${ignoredVariables.join(', ')} ${are} as unset`);
}

/** Programs in the workspace write UTF-8, whatever this machine reads. */
export function judgeLocale({ locale }: Machine): Judgement {
  if (locale === undefined) return good('none is set; a workspace has C.UTF-8 and en_US.UTF-8');
  const { variable, value } = locale;
  if (/utf-?8/i.test(value)) return good(`${value} (${variable}); a workspace has C.UTF-8 and en_US.UTF-8`);
  return warning(
    `${variable}=${value} promises no UTF-8, which a workspace writes`,
    run('export')`${variable}=C.UTF-8`,
  );
}

export function judgeTerminal({ termName }: Machine): Judgement {
  if (termName === undefined || termName === '') return good('TERM is not set, so nothing is drawn');
  if (termName === 'dumb') return good('dumb, so nothing is drawn');
  return good(`${termName}; a workspace that has no description of it uses xterm-256color`);
}

/**
 * What the server agrees to: image/dropbear/localoptions.h, with the host key that the chart makes. A test holds it
 * against the server.
 */
export const SERVER_OFFERS = {
  kex: [
    'mlkem768x25519-sha256',
    'sntrup761x25519-sha512',
    'sntrup761x25519-sha512@openssh.com',
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'diffie-hellman-group16-sha512',
  ],
  keys: ['ssh-ed25519'],
  ciphers: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes256-ctr',
  ],
};

/** `ws` speaks SSH itself. Editors, rsync and git use the machine's OpenSSH, which may know less, as in FIPS mode. */
export function judgeOpenSsh(ssh: OpenSsh | { fault: string }): Judgement {
  if ('fault' in ssh) return warning(`${ssh.fault}: editors, rsync and git cannot use it`);
  const common = (['kex', 'keys', 'ciphers'] as const).map((kind) =>
    SERVER_OFFERS[kind].find((name) => ssh[kind].includes(name)),
  );
  const [kex, key, cipher] = common;
  const mode = ssh.fips === undefined ? '' : `; FIPS mode (${ssh.fips})`;
  if (key === undefined)
    return warning(
      `${ssh.version} knows no ${SERVER_OFFERS.keys}${mode}: it needs an RSA host key, as docs/editors.md says`,
    );
  if (kex === undefined || cipher === undefined)
    return warning(
      `${ssh.version} and the server have no ${kex === undefined ? 'key exchange' : 'cipher'} in common${mode}`,
    );
  return good(`${ssh.version}: ${kex}, ${key}, ${cipher}${mode}`);
}
