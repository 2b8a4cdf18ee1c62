/** What each client did, kept as soon as it is known: lines of JSON in `.ws/reports/clients/deeds.jsonl`. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Way } from './workplace.ts';

const FILE = path.resolve(import.meta.dirname, '../../.ws/reports/clients/deeds.jsonl');

/** As the columns of the page. */
export const DEEDS = ['commands', 'at once', 'files', 'terminal', 'unknown key', 'other host key'] as const;
export type Deed = (typeof DEEDS)[number];

export interface Result {
  client: string;
  version: string;
  way: Way;
  deed: Deed;
  /** What was seen, or why it was not tried. */
  figure: string;
  verdict: 'right' | 'wrong' | 'not tried';
}

export function keepResult(result: Result): void {
  mkdirSync(path.dirname(FILE), { recursive: true });
  appendFileSync(FILE, `${JSON.stringify(result)}\n`);
}

export function readResults(): Result[] {
  if (!existsSync(FILE)) return [];
  const lines = readFileSync(FILE, 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Result);
}

/** A row for each client and way. What was not tried says why, below. */
export function toTable(results: Result[]): string {
  const reasons: string[] = [];
  const rows = [...Map.groupBy(results, ({ client, way }) => `${client}\n${way}`).values()].map((row) => {
    const cells = DEEDS.map((deed) =>
      toCell(
        row.find((result) => result.deed === deed),
        reasons,
      ),
    );
    const [{ client = '', version = '', way = '' } = {}] = row;
    return `| ${[`${client} ${version}`.trim(), way, ...cells].join(' | ')} |`;
  });
  const head = ['client', 'way', ...DEEDS];
  const lines = [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows];
  const below = [...new Set(reasons)].map((reason) => `- ${reason}`);
  return [...lines, ...(below.length === 0 ? [] : ['', 'Not tried:', '', ...below])].join('\n');
}

function toCell(result: Result | undefined, reasons: string[]): string {
  if (result?.verdict !== 'not tried') return result === undefined ? '' : toWords(result);
  reasons.push(`${result.client}: ${result.figure}`);
  return 'not tried';
}

const toWords = ({ figure, verdict }: Result) => (verdict === 'right' ? figure : `**${figure}**`);
