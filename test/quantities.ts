/**
 * Kubernetes' own grammar of quantities (apimachinery, pkg/api/resource/quantity.go), as a table: what is written, and
 * how much that is. The app and the chart are held against it.
 */
export const QUANTITIES: readonly [text: string, worth: number][] = [
  ['2', 2],
  ['1.5', 1.5],
  ['1.', 1],
  ['.5', 0.5],
  ['0.5', 0.5],
  ['+3', 3],
  ['007', 7],
  ['0', 0],
  ['0.0', 0],
  ['-1', -1],
  ['-1Gi', -(2 ** 30)],
  ['1048576', 2 ** 20],
  ['1048575', 2 ** 20 - 1],
  ['4294967296', 2 ** 32],
  ['1e3', 1e3],
  ['1E3', 1e3],
  ['1e+9', 1e9],
  ['1.5e9', 1.5e9],
  ['12e-1', 1.2],
  ['2000000000n', 2],
  ['1500000u', 1.5],
  ['1m', 0.001],
  ['500m', 0.5],
  ['0500m', 0.5],
  ['999u', 0.000999],
  ['128974848000m', 128_974_848],
  ['2k', 2e3],
  ['2M', 2e6],
  ['1.5G', 1.5e9],
  ['1T', 1e12],
  ['1P', 1e15],
  ['1E', 1e18],
  ['1024Ki', 2 ** 20],
  ['1023Ki', 1023 * 2 ** 10],
  ['1Mi', 2 ** 20],
  ['0.5Gi', 2 ** 29],
  ['.5Gi', 2 ** 29],
  ['+1Gi', 2 ** 30],
  ['1.Gi', 2 ** 30],
  ['01Gi', 2 ** 30],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['0.25Ti', 2 ** 38],
  ['1Pi', 2 ** 50],
  ['1Ei', 2 ** 60],
];

/** What is no amount. The API server refuses nearly all; it takes those without a digit for 0, and ` 1Gi` for 1Gi. */
export const NO_QUANTITIES: readonly string[] = [
  ...['.', '+', 'Gi', '.Gi', '1 Gi', ' 1Gi', '1GB', '1gi', '1K', '1ki', '1KI', '1B', '1e', '1e3Gi', '1e1.5', '1Gi3'],
  ...['1,5Gi', '0x10', '--1', '+-1', '1_000', '1.5.0', 'NaN', 'Infinity', 'two', '1Zi', '10GiB', '1mi', '1\n'],
];

/** The least that app and chart take. A pod with less would be admitted, and would never start. */
export const LEAST_BYTES = 2 ** 20;
export const LEAST_CORES = 0.001;
