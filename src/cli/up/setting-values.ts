import { parseImage } from '../../workspace/choices/choices.ts';
import { SETTING_KEYS, type SettingKey, type Settings } from '../../workspace/choices/settings.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { type Asked, parseId, parseSize, parseUsername } from '../../workspace/names.ts';

/** A setting's name. Throws `BAD_VALUE` with the names there are. */
export function parseSettingKey(text: string): SettingKey {
  if (Object.hasOwn(SETTING_KEYS, text)) return text as SettingKey;
  throw failure('BAD_VALUE', {
    message: `There is no setting "${text}"`,
    reason: `There is: ${Object.keys(SETTING_KEYS).join(', ')}`,
    suggestions: [ws`config ls`],
  });
}

/** A setting's value, checked as its flag would be. Throws what the flag's parser throws, in a setting's words. */
export function parseSetting(key: SettingKey, text: string): Settings {
  const asked: Asked = { name: key, suggest: (value) => ws`config set ${key} ${value}` };
  switch (key) {
    case 'user':
      return { user: parseUsername(text, asked) };
    case 'uid':
      return { uid: parseId(text, 'UID', asked) };
    case 'gid':
      return { gid: parseId(text, 'GID', asked) };
    case 'size':
      return { size: parseSize(text, asked) };
    case 'image':
      parseImage(text, asked);
      return { image: text };
    case 'storageClass':
      return { storageClass: text };
    case 'identity':
      return { identity: text };
  }
}
