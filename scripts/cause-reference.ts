/** The causes that `ws` knows, for people in docs/troubleshooting.md and for programs in docs/json.schema.json. */
import type { Cause, CauseGroup } from '../src/workspace/diagnosis/cause.ts';

const BEGIN = '<!-- causes: written by scripts/docs.ts -->';
const END = '<!-- end of causes -->';

const TITLES: Record<CauseGroup, string> = {
  scheduling: 'No node takes the pod',
  quota: 'A quota is used up',
  admission: 'The cluster refuses the pod',
  volume: 'The home is not there',
  image: 'The image cannot be used',
  start: 'The server does not start',
  running: 'It ran, and does not any more',
  ending: 'The previous pod does not end',
  rights: 'You may not, or the cluster does not know you',
  login: 'It runs, and lets nobody in',
  reach: 'The API server or the pod is not reached',
  here: 'This machine, Helm, or what was typed',
  other: 'Others',
};

/** The page with the causes in their marked place. */
export function withCauses(page: string, causes: Cause[]): string {
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`the page has no place for the causes: ${BEGIN} … ${END}`);
  const groups = (Object.keys(TITLES) as CauseGroup[]).map((group) => toGroup(group, causes));
  return `${page.slice(0, start)}${BEGIN}\n\n${groups.filter((text) => text !== '').join('\n\n')}\n\n${page.slice(end)}`;
}

function toGroup(group: CauseGroup, causes: Cause[]): string {
  const own = causes.filter((cause) => cause.group === group);
  return own.length === 0 ? '' : [`### ${TITLES[group]}`, ...own.map(toEntry)].join('\n\n');
}

function toEntry({ code, title, looksLike, help, waiting }: Cause): string {
  const end = waiting === 'useless' ? ' Waiting does not help.' : '';
  return `#### ${code}\n\n${title}. ${looksLike}${end}\n\nWhat helps: ${help}`;
}

/** The schema with their codes. */
export function withCodes(schema: string, causes: Cause[]): string {
  const list = causes.map(({ code }) => `        ${JSON.stringify(code)}`).join(',\n');
  const pattern = /("causeCode": \{[^}]*"enum": )\[[^\]]*\]/;
  if (!pattern.test(schema)) throw new Error('the schema has no place for the codes of causes');
  return schema.replace(pattern, (_, before: string) => `${before}[\n${list}\n      ]`);
}
