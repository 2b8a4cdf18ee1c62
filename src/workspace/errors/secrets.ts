/** Finds secrets in texts: addresses with a password, tokens, private keys. */

/** What we print in place of a secret. */
const MASK = '***';

/** Logins without a password: `ssh://git@host` is no secret, and without the name the address means something else. */
const NAMED_SCHEMES = /^(?:git\+)?ssh:|^ssh\+git:|^sftp:/i;

/** Secrets that we recognise by their form. */
const TOKENS: [pattern: RegExp, instead: string][] = [
  [
    /-----BEGIN ([A-Z0-9 ]{0,40}?)PRIVATE KEY-----[^]*?(?:-----END [A-Z0-9 ]{0,40}?PRIVATE KEY-----|$)/g,
    `-----BEGIN $1PRIVATE KEY----- ${MASK}`,
  ],
  [/PuTTY-User-Key-File-\d[^]*/g, `PuTTY-User-Key-File ${MASK}`],
  [/\b(Bearer|Basic) +[A-Za-z0-9._~+/-]{8,}=*/gi, `$1 ${MASK}`],
  // JSON Web Tokens: service accounts' and most plugins' tokens are of this form.
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, MASK],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|gldt-|xox[abprs]-|sha256~|hvs\.|npm_)[\w-]{10,}/g, MASK],
  [/([?&](?:[\w-]*(?:token|key|secret|password|passwd|signature|sig|auth))=)[^&\s'"#]+/gi, `$1${MASK}`],
];

/** The text without its secrets. Takes time in proportion to the text. */
export function maskSecrets(text: string): string {
  return TOKENS.reduce((masked, [pattern, instead]) => masked.replace(pattern, instead), maskUserInfo(text));
}

/** The secrets in an address, both encoded and decoded, because an answer may quote either. */
export function listSecrets(url: string): string[] {
  const found = [...url.matchAll(USER_INFO)].flatMap(([, scheme = '', login = '']) => {
    const [name = '', ...password] = login.split(':');
    return NAMED_SCHEMES.test(scheme) ? [password.join(':')] : [name, password.join(':')];
  });
  return found.flatMap((secret) => [secret, decode(secret)]).filter((secret) => secret.length > 3);
}

const USER_INFO = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)([^/?#\s'"<>@]*(?:@[^/?#\s'"<>@]*(?=@))*)@/gi;

function maskUserInfo(text: string): string {
  return text.replace(USER_INFO, (whole, scheme: string, login: string) => {
    if (!NAMED_SCHEMES.test(scheme)) return `${scheme}${MASK}@`;
    return login.includes(':') ? `${scheme}${login.split(':')[0]}:${MASK}@` : whole;
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
