import { expect, test } from 'vitest';
import { objectRequest } from '../../../../src/adapters/kubernetes/api/requests.ts';

test('one object is asked for by its name, and never by none: that would be the list', () => {
  expect(objectRequest('get', 'secrets', 'team', 'keys').path).toBe('/api/v1/namespaces/team/secrets/keys');
  expect(() => objectRequest('get', 'secrets', 'team', '')).toThrow('no name');
});
