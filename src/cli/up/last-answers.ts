import type { LastAnswers, SettingsStore } from '../../workspace/choices/settings.ts';
import type { Identity } from '../../workspace/keys/keys.ts';
import type { UpAnswers } from './up-answers.ts';

/** Keeps what the form was told, as what it shows the next time; of what it did not ask, the last answer stays. */
export function rememberAnswers(
  settings: SettingsStore,
  known: UpAnswers,
  { user, uid, home }: UpAnswers,
  identity: Identity,
): void {
  const last: LastAnswers = { ...settings.read().lastAnswers };
  if (known.user === undefined && user !== undefined) last.user = user;
  if (known.uid === undefined && uid !== undefined) last.uid = uid;
  if (known.home === undefined && home?.kind === 'emptyDir') last.storageClass = 'none';
  if (known.home === undefined && home?.kind === 'claim') {
    if (home.storageClass !== undefined) last.storageClass = home.storageClass;
    if (home.size !== undefined) last.size = home.size;
  }
  if (known.key === undefined) last.key = identity.fingerprint;
  try {
    settings.write({ lastAnswers: last });
  } catch {
    // A convenience for the next time is no reason not to bring this workspace up.
  }
}
