/** Kubernetes' quantities as numbers, and numbers as quantities that `ws up` takes. */

const UNITS: Record<string, number> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** Cores, bytes or a count; undefined for what is no quantity (apimachinery, pkg/api/resource/quantity.go). */
export function toNumber(quantity: string | undefined): number | undefined {
  const match =
    /^(?<number>[+-]?(?:\d+\.?\d*|\.\d+))(?:(?<unit>[KMGTPE]i|[numkMGTPE])|(?<power>[eE][+-]?\d{1,2}))?$/.exec(
      quantity ?? '',
    );
  if (match === null) return undefined;
  const { number = '', unit = '', power } = match.groups ?? {};
  return power === undefined ? Number(number) * (UNITS[unit] ?? 1) : Number(`${number}${power}`);
}

/** Digits that a double keeps whatever a quantity is multiplied with. */
const SURE_DIGITS = 15;

/** One text for all quantities that are as much, to compare them by; what is no quantity is itself. */
export function toCanonical(quantity: string | undefined): string | undefined {
  const number = toNumber(quantity);
  return number === undefined ? quantity : String(Number(number.toPrecision(SURE_DIGITS)));
}

/** Whether two are as much: a node says `3906250Ki` of what was asked for as `4G`. Nothing is as much as nothing. */
export function isSameAmount(one: string | undefined, other: string | undefined): boolean {
  return toCanonical(one) === toCanonical(other);
}

/** Not more than so many cores, in thousandths: `2`, `500m`. */
export function toCpu(cores: number): string {
  // What is left of 0.3 after 0.1 and 0.2 is not quite 0.
  const thousandths = Math.floor(cores * 1000 + 1e-6);
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

/** Not more than so many bytes: `10Gi`, `300Mi`. */
export function toSize(bytes: number): string {
  const mebibytes = Math.floor(bytes / 2 ** 20);
  return mebibytes % 1024 === 0 && mebibytes > 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

/** A quantity for people: bytes that Kubernetes counts one by one (`17179869184`, `131072Ki`) as they say them. */
export function toReadable(resource: string, quantity: string): string {
  const number = toNumber(quantity);
  if (number === undefined || !/memory|storage/.test(resource) || /persistentvolumeclaims$/.test(resource))
    return quantity;
  if (!/^\d+(?:Ki|k|m|)$/.test(quantity) || number < 2 ** 20) return quantity;
  for (const [unit, size] of [
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
  ] as const)
    if (number >= size) return `${Math.round((number / size) * 10) / 10}${unit}`;
  return quantity;
}
