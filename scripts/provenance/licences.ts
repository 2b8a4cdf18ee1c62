import type { BundledPackage } from './bundled-packages.ts';

/** The licences of a program's bundled packages as one text. Equal ones come once, with all their packages. */
export function toLicenceText(program: string, packages: BundledPackage[], notices: string[]): string {
  const byText = Map.groupBy(packages, ({ texts, licence }) => texts.join('\n\n') || toSubstitute(licence));
  const parts = [...byText].map(([text, holders]) =>
    [...holders.map(({ name, version, licence }) => `${name} ${version} (${licence ?? 'see below'})`), '', text].join(
      '\n',
    ),
  );
  const head = `${program} brings these packages inside. Each stands before the licence that it came with.`;
  const comments = notices.length === 0 ? [] : [`Licence comments in their code:\n\n${notices.join('\n\n')}`];
  return `${[head, ...parts, ...comments].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function toSubstitute(licence: string | undefined): string {
  return `Its package has no licence file; its package.json says: ${licence ?? 'nothing'}.`;
}
