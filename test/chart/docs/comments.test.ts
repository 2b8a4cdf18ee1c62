/** Whoever reads a rendered manifest sees its comments, too: each stands above what it is about, or nowhere. */
import { expect, test } from 'vitest';
import { CHART, PUBLIC_KEY, run } from '../helm.ts';
import { PERMUTATIONS } from '../permutations.ts';

test('each rendered comment stands above the same line, whatever else the values set', async () => {
  const followers = new Map<string, Set<string>>();
  for (const { values } of PERMUTATIONS) {
    const words = ['template', 'ws-dev', CHART, '--kube-version', '1.37.2', '--values', '-'];
    const text = await run('helm', words, { authorizedKeys: [PUBLIC_KEY], ...values });
    for (const [comment, follower] of listComments(text))
      followers.set(comment, (followers.get(comment) ?? new Set()).add(follower));
  }
  expect(followers.size).toBeGreaterThan(20);
  expect([...followers].filter(([, lines]) => lines.size > 1)).toEqual([]);
});

/** Each comment with the name of what follows it. Helm's own comment names the file. */
function listComments(text: string): [string, string][] {
  const blocks = text.matchAll(/^( *)# (?!Source: )(.*(?:\n\1# .*)*)\n(\s*)(\S[^:( ]*(?: [^:( ]*)?)/gm);
  return [...blocks].map(([, indent, comment = '', next = '', name = '']) => [
    comment.replaceAll(/\n *# /g, ' '),
    indent === next ? name : `elsewhere: ${name}`,
  ]);
}
