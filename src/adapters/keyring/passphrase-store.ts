/**
 * Passphrases in the keyring of the operating system (Keychain, Credential Manager, Secret Service), through keytar's
 * API.
 */
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import type { PassphraseStore } from '../../workspace/keys/passphrases.ts';

const SERVICE = 'ws';

/** A locked keyring may wait for a window that nobody sees. */
const LIMIT_MS = 3000;

/** The part of keytar that is used; `@napi-rs/keyring` speaks it. */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

/** Accounts are key fingerprints. If the keyring cannot be used, nothing is kept anywhere else. */
export function createPassphraseStore(load: () => Promise<Keytar> = loadKeyring): PassphraseStore {
  const use = async <Result>(action: (keyring: Keytar) => Promise<Result>): Promise<Result> => {
    const keyring = await load();
    return await withinLimit(action(keyring));
  };
  return {
    async findFault() {
      try {
        // Nothing is stored under it; a keyring that can say so can be used.
        await use((keyring) => keyring.getPassword(SERVICE, 'availability'));
        return undefined;
      } catch (error) {
        return toFault(error as Error);
      }
    },
    async find(fingerprint) {
      try {
        return (await use((keyring) => keyring.getPassword(SERVICE, fingerprint))) ?? undefined;
      } catch {
        return undefined;
      }
    },
    async save(fingerprint, passphrase) {
      try {
        await use((keyring) => keyring.setPassword(SERVICE, fingerprint, passphrase));
        return true;
      } catch {
        return false;
      }
    },
    async remove(fingerprint) {
      try {
        return await use((keyring) => keyring.deletePassword(SERVICE, fingerprint));
      } catch {
        return false;
      }
    },
  };
}

/** An optional dependency: on a machine without a build of it the program still runs. */
async function loadKeyring(): Promise<Keytar> {
  const module = await import('@napi-rs/keyring/keytar.js');
  return ((module as { default?: Keytar }).default ?? module) as Keytar;
}

class TooSlow extends Error {}

function withinLimit<Result>(action: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooSlow()), LIMIT_MS);
    action.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function toFault(error: Error & { code?: string }): string {
  if (error instanceof TooSlow) return `the keyring does not answer within ${LIMIT_MS / 1000} s; it may be locked`;
  if (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND') {
    return 'the keyring module is not installed';
  }
  return `the keyring cannot be used: ${toReason(error, 'program')}`;
}
