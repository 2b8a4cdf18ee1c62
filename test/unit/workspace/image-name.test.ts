import { expect, it } from 'vitest';
import { hasRegistryHost, isSameImage, toFullImageName } from '../../../src/workspace/image-name.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

it.each([
  ['ws-workspace:0.2.0', 'docker.io/library/ws-workspace:0.2.0'],
  ['ws-workspace', 'docker.io/library/ws-workspace:latest'],
  ['team/ws:1', 'docker.io/team/ws:1'],
  ['localhost/ws:1', 'localhost/ws:1'],
  ['localhost:5000/ws', 'localhost:5000/ws:latest'],
  ['registry.example.com/a/b:1', 'registry.example.com/a/b:1'],
  [`registry.example.com/a:1@${DIGEST}`, `registry.example.com/a@${DIGEST}`],
])('completes %s as a node does', (name, full) => expect(toFullImageName(name)).toBe(full));

it('compares by the full name', () => {
  expect(isSameImage('ws-workspace:1', 'docker.io/library/ws-workspace:1')).toBe(true);
  expect(isSameImage('ws-workspace:1', 'ws-workspace:2')).toBe(false);
  expect(hasRegistryHost('ws-workspace:1')).toBe(false);
});
