import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../../scripts/command-reference.ts';
import { createJsonReporter } from '../../../src/report/progress/json-reporter.ts';
import { toErrorDocument } from '../../../src/report/results/error-screen.ts';
import { toResultDocument } from '../../../src/report/results/result-document.ts';
import { ERROR_CODES, failure } from '../../../src/workspace/errors/errors.ts';
import { advice, ws } from '../../../src/workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../../src/workspace/state/events.ts';
import { formatSchemaFaults, listDocumentedCommands, listOpenObjects } from '../../json-schema.ts';
import { spellHere } from '../../spelling.ts';
import { ROOT } from './pages.ts';

const toJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('docs/json.schema.json', () => {
  it('has a document for every command with --json, and for no other', () => {
    const { commands } = JSON.parse(readFileSync(path.join(ROOT, 'oclif.manifest.json'), 'utf8')) as Manifest;
    const withJson = Object.values(commands).filter((command) => command.enableJsonFlag);
    expect(listDocumentedCommands()).toEqual(withJson.map(({ id }) => id.replaceAll(':', ' ')).toSorted());
  });

  it('is closed: no object of a result may have members that it does not name', () => {
    expect(listOpenObjects()).toEqual(['fact']);
  });

  it('refuses what is not so: the version missing, a member more, a member less, a wrong word', () => {
    const document = { v: 1, workspace: 'dev', kept: [], deleted: [] };
    expect(formatSchemaFaults('down', document)).toEqual([]);
    const { v: _v, ...withoutVersion } = document;
    for (const wrong of [
      withoutVersion,
      { ...document, more: 1 },
      { v: 1 },
      { ...document, kept: [1] },
      { ...document, v: 2 },
    ])
      expect(formatSchemaFaults('down', wrong)).not.toEqual([]);
  });

  it.each(ERROR_CODES)('describes the error %s', (code) => {
    const error = failure(code, {
      message: 'x',
      reason: 'y',
      suggestions: [ws`up`, { ...ws`ls`, note: 'n' }, advice('z')],
    });
    expect(formatSchemaFaults('error', toJson(toErrorDocument(error, spellHere)))).toEqual([]);
  });

  it('describes a bug, and an error without a reason', () => {
    expect(formatSchemaFaults('error', toJson(toErrorDocument(new Error('x'), spellHere)))).toEqual([]);
    expect(
      formatSchemaFaults('error', toJson(toErrorDocument(failure('BUSY' as never, { message: 'x' }), spellHere))),
    ).not.toEqual([]);
    expect(
      formatSchemaFaults('error', toJson(toErrorDocument(failure('BAD_ID', { message: 'x' }), spellHere))),
    ).toEqual([]);
  });

  it('describes every kind of progress line', async () => {
    const stream = new PassThrough();
    const reporter = createJsonReporter({
      kind: 'json',
      stream,
      columns: 80,
      color: false,
      nowMs: () => 0,
      spell: spellHere,
    });
    const events: ProgressEvent[] = [
      { type: 'planned', workspace: 'dev', steps: ['remove', 'home'] },
      { type: 'started', step: 'remove' },
      { type: 'advanced', step: 'remove', fact: { kind: 'terminating', pod: 'x' } },
      { type: 'finished', step: 'remove' },
      { type: 'noticed', level: 'warning', notice: { kind: 'home-lost-with-pod' } },
    ];
    for (const event of events) reporter.event(event);
    stream.end();
    const lines = (await text(stream)).trimEnd().split('\n');
    expect(lines.flatMap((line) => formatSchemaFaults('progress', JSON.parse(line)))).toEqual([]);
    expect(lines).toHaveLength(5);
    expect(formatSchemaFaults('progress', { ...JSON.parse(lines[1] ?? ''), step: 'dance' })).not.toEqual([]);
  });

  it('has the examples of docs/json.md', () => {
    const page = readFileSync(path.join(ROOT, 'docs/json.md'), 'utf8');
    const blocks = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block.trim());
    const [error = '', workspace = '', progress = ''] = blocks;
    expect(formatSchemaFaults('error', JSON.parse(error))).toEqual([]);
    expect(formatSchemaFaults('up', JSON.parse(workspace))).toEqual([]);
    const lines = progress.split('\n');
    expect(lines.flatMap((line) => formatSchemaFaults('progress', JSON.parse(line)))).toEqual([]);
    expect([blocks.length, lines.length]).toEqual([3, 5]);
  });

  it('describes a list with its version', () => {
    const finding = {
      group: 'This machine',
      check: 'helm',
      verdict: 'good',
      detail: 'helm 4',
      suggestion: { ...ws`up`, note: 'n' },
      lines: ['a: b'],
    };
    expect(formatSchemaFaults('doctor', toJson(toResultDocument([finding], spellHere)))).toEqual([]);
    expect(formatSchemaFaults('doctor', [finding])).not.toEqual([]);
  });
});
