/** The oldest Node that the package is made for, as package.json has it: a test holds that. */
const OLDEST = [22, 12] as const;

/** What a person should know who runs an older Node; undefined for all others. */
export function describeOldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  return isOld
    ? `Note: Node ${version} is older than ws is made for, which is ${OLDEST.join('.')} and newer`
    : undefined;
}
