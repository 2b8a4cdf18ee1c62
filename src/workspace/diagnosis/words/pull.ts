/** What a container runtime says of an image that it cannot pull (containerd's words, and CRI-O's). */

export type PullFault =
  | 'host'
  | 'unreachable'
  | 'untrusted'
  | 'denied'
  | 'repository'
  | 'tag'
  | 'platform'
  | 'no-space'
  | 'busy';

/** The first that matches counts: the narrow ones come first. */
const FAULTS: [PullFault, RegExp][] = [
  ['platform', /no match for platform|no image found in (?:image index|manifest list) for architecture/],
  ['no-space', /no space left on device|disk quota exceeded/],
  ['host', /no such host|server misbehaving|Temporary failure in name resolution|Name or service not known/],
  ['untrusted', /x509: |tls: failed to verify certificate|server gave HTTP response to HTTPS client/],
  ['busy', /toomanyrequests|429 Too Many Requests|pull QPS exceeded/i],
  // It wants to know who asks, whatever it has.
  ['denied', /no basic auth credentials/],
  // Docker Hub says so of what is not there as well.
  ['repository', /repository does not exist|name unknown|repository .{1,300} not found|NAME_UNKNOWN/],
  [
    'denied',
    /\b40[13] (?:Unauthorized|Forbidden)|authorization failed|authentication required|unauthorized|no basic auth credentials|access denied|denied: /i,
  ],
  ['tag', /manifest unknown|MANIFEST_UNKNOWN|: not found|404 Not Found|manifest for .{1,400} not found/],
  [
    'unreachable',
    /i\/o timeout|connection refused|connection reset|no route to host|network is unreachable|context deadline exceeded|\bEOF\b|50[0234] |because the registry is unavailable|timeout awaiting response headers|TLS handshake timeout|Client\.Timeout/,
  ],
];

/** Undefined for words that say nothing of these. */
export function readPullFault(words: string): PullFault | undefined {
  return FAULTS.find(([, pattern]) => pattern.test(words))?.[0];
}

/** The innermost sentence: each layer puts its own in front of it. */
export function toLastWords(words: string): string {
  const text = words.replace(/^Back-off pulling image "[^"]*"(?:: ErrImagePull)?: /, '');
  const match =
    /(?:failed to resolve (?:reference|image)(?: "[^"]*")?: |failed to do request: |failed to pull and unpack image "[^"]*": )(?<rest>(?!failed to)[\s\S]+)$/.exec(
      text,
    );
  return (match?.groups?.['rest'] ?? text).replace(/^rpc error: code = \w+ desc = /, '').trim();
}
