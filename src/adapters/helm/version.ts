import { failure } from '../../workspace/errors/errors.ts';
import { advice, type Suggestion } from '../../workspace/errors/suggestion.ts';

/**
 * Throws `HELM_TOO_OLD` below 3.14, the first version whose `-o json` and `--hide-notes` all work. `suggestNewer` says
 * how this machine gets one.
 */
export function parseVersion(
  output: string,
  suggestNewer: () => Suggestion[] = () => [advice('https://helm.sh/docs/intro/install')],
): string {
  const match = /v?(?<version>(?<major>\d+)\.(?<minor>\d+)(?:\.\d+)?[\w.+-]*)/.exec(output);
  const { version = output.trim(), major = '0', minor = '0' } = match?.groups ?? {};
  if (Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 14)) return version;
  throw failure('HELM_TOO_OLD', {
    message: `Helm ${version} is too old`,
    reason: 'ws needs Helm 3.14 or newer',
    suggestions: suggestNewer(),
  });
}
