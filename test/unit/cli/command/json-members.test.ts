/** docs/json.schema.json is closed: a member that a type has and the schema has not would break every strict reader. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { CauseInfo, HomeInfo, Trouble, WorkspaceInfo } from '../../../../src/workspace/state/info.ts';

interface Schema {
  properties?: Record<string, Schema>;
  $defs?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

const FILE = path.resolve(import.meta.dirname, '../../../../docs/json.schema.json');
const { $defs: schemas = {} } = JSON.parse(readFileSync(FILE, 'utf8')) as Schema;

/** The compiler misses a member here that the type gets. */
const WORKSPACE: Record<keyof WorkspaceInfo, true> = {
  ...{ name: true, namespace: true, context: true, release: true, otherReleases: true, state: true, halfDown: true },
  ...{ unended: true, foreign: true, stopped: true, trouble: true, causes: true, user: true, createdAt: true },
  ...{ image: true, pod: true, node: true, restarts: true, home: true },
};
const HOME: Record<keyof HomeInfo, true> = {
  ...{ kind: true, claim: true, size: true, asked: true, storageClass: true, subPath: true, kept: true },
  ...{ earlierClaim: true, usedBytes: true, totalBytes: true },
};
const TROUBLE: Record<keyof Trouble, true> = {
  code: true,
  reason: true,
  message: true,
  evidence: true,
  suggestion: true,
};
const CAUSE: Record<keyof CauseInfo, true> = {
  ...{ code: true, reason: true, message: true, evidence: true, suggestions: true, unseen: true, waiting: true },
};

const { commands, workspace, trouble, causes } = schemas;

it.each<[string, object, Schema | undefined]>([
  ['a workspace', WORKSPACE, workspace],
  ['a workspace of ws up', WORKSPACE, commands?.$defs?.['up']?.anyOf?.[0]],
  ['a workspace of ws status', WORKSPACE, commands?.$defs?.['status']],
  ['a home', HOME, workspace?.properties?.['home']],
  ['trouble', TROUBLE, trouble],
  ['a cause', CAUSE, causes?.items],
])('the schema of %s has all its members', (_what, members, schema) => {
  const known = Object.keys(schema?.properties ?? {});
  expect(Object.keys(members).filter((name) => !known.includes(name))).toEqual([]);
});
