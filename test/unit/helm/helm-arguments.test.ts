import { expect, test } from 'vitest';
import {
  markedArguments,
  placeArguments,
  rollbackArguments,
  toHelmEnvironment,
  upgradeArguments,
} from '../../../src/adapters/helm/helm-arguments.ts';

const OPTIONS = {
  major: 4,
  valuesFiles: ['a.yaml', 'b.yaml'],
  createNamespace: true,
  mark: { revision: 4, operation: 'a-b' },
};

test('an upgrade reads the chosen values from stdin, after and so above the files', () => {
  const words = upgradeArguments('ws-dev', '/chart', OPTIONS);
  expect(words.slice(0, 4)).toEqual(['upgrade', 'ws-dev', '/chart', '--install']);
  const files = words.flatMap((word, index) => (word === '--values' ? [words[index + 1]] : []));
  expect(files).toEqual(['a.yaml', 'b.yaml', '-']);
});

test('an upgrade never waits, and forgets values of earlier revisions', () => {
  const words = upgradeArguments('ws-dev', '/chart', OPTIONS);
  expect(words.filter((word) => word.startsWith('--wait') || word === '--atomic')).toEqual([]);
  expect(words).toContain('--reset-values');
});

test('a revision says from its first record on that ws makes it, and which call', () => {
  const words = upgradeArguments('ws-dev', '/chart', OPTIONS);
  expect(words[words.indexOf('--labels') + 1]).toBe('ws.dev/revision=4,ws.dev/operation=a-b');
  expect(markedArguments('ws.dev', { revision: 4 })).toEqual([
    'list',
    '--deployed',
    '--failed',
    '--pending',
    '--superseded',
    '--uninstalling',
    '--filter',
    '^ws\\.dev$',
    '--selector',
    'ws.dev/revision=4',
    '--output',
    'json',
  ]);
});

test('Helm 4 changes objects from the client side, and Helm 3 has no flag for it', () => {
  expect(upgradeArguments('r', 'c', OPTIONS)).toContain('--server-side=false');
  expect(upgradeArguments('r', 'c', { ...OPTIONS, major: 3 }).join(' ')).not.toContain('--server-side');
  expect(rollbackArguments('r', 2, 4)).toContain('--server-side=false');
  expect(rollbackArguments('r', 2, 3)).toEqual(['rollback', 'r', '2']);
});

test('Helm keeps as many revisions as it does for anybody: its own 10, or HELM_MAX_HISTORY', () => {
  for (const major of [3, 4])
    for (const words of [upgradeArguments('r', 'c', { ...OPTIONS, major }), rollbackArguments('r', 2, major)])
      expect(words.join(' ')).not.toContain('--history-max');
  expect(toHelmEnvironment({ HELM_MAX_HISTORY: '20' })).toEqual({ GOGC: '400', HELM_MAX_HISTORY: '20' });
});

test('the target names only what was chosen', () => {
  expect(placeArguments({ kubeconfig: undefined, context: undefined, namespace: undefined })).toEqual([]);
  expect(placeArguments({ kubeconfig: undefined, context: 'in-cluster', namespace: undefined })).toEqual([]);
  expect(placeArguments({ kubeconfig: '/k', context: 'c', namespace: 'n' })).toEqual([
    '--namespace',
    'n',
    '--kube-context',
    'c',
    '--kubeconfig',
    '/k',
  ]);
});

test('settings that would send Helm to another cluster do not reach it; the others do', () => {
  const environment = {
    PATH: '/bin',
    HELM_PLUGINS: '/p',
    HELM_KUBEAPISERVER: 'https://other',
    HELM_NAMESPACE: 'x',
    HELM_DEBUG: '1',
  };
  expect(toHelmEnvironment(environment)).toEqual({ GOGC: '400', PATH: '/bin', HELM_PLUGINS: '/p' });
  expect(toHelmEnvironment({ GOGC: '50' })).toEqual({ GOGC: '50' });
});
