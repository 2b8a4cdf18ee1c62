import { describe, expect, it } from 'vitest';
import { findKubectlTarget } from '../../../src/workspace/forwards/kubectl-target.ts';
import { toLines } from '../../spelling.ts';

const lines = (...words: string[]) => toLines(findKubectlTarget(words)?.suggestions ?? []);

describe('what kubectl port-forward names', () => {
  it.each([
    [['svc/foo', '3000'], 'ws forward 3000:foo:3000'],
    [['service/foo', '8080:80', '9090'], 'ws forward 8080:foo:80 9090:foo:9090'],
    [['svc/foo.other', '80'], 'ws forward 80:foo.other:80'],
    [['svc/foo'], 'ws forward 3000:foo:3000'],
    [['svc/ws-dev', '3000'], 'ws forward dev 3000'],
    [['pod/ws-dev-5cf7d64fb8-x2x9q', '8080:3000'], 'ws forward dev 8080:3000'],
    [['deploy/ws-my-app', '3000'], 'ws forward my-app 3000'],
    [['pod/other', '3000'], 'ws forward --help'],
  ])('%j is %s', (words, line) => {
    expect(lines(...words)[0]).toBe(line);
    expect(findKubectlTarget(words)).toMatchObject({ code: 'BAD_MAPPING' });
  });

  it.each([[['3000']], [['5432:db:5432']], [['/tmp/x.sock:3000']], [['svc/']], [[]]])('is not in %j', (words) => {
    expect(findKubectlTarget(words)).toBeUndefined();
  });
});
