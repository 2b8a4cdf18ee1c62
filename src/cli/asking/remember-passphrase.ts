import type { SshTarget } from '../../workspace/world.ts';

type Ask = NonNullable<SshTarget['askPassphrase']>;

/** Asks once per key. Commands that reconnect by themselves may find nobody to answer a second time. */
export function rememberPassphrases(ask: Ask): Ask {
  const answers = new Map<string, string>();
  return async (identity, attempt) => {
    const known = answers.get(identity.fingerprint);
    if (attempt === 1 && known !== undefined) return known;
    const answer = await ask(identity, attempt);
    if (answer !== undefined) answers.set(identity.fingerprint, answer);
    return answer;
  };
}
