import path from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { parseSshSettings } from '../../../src/adapters/ssh/keys/ssh-settings.ts';
import { hostileText, property } from '../property.ts';

const keyword = fc.constantFrom('identityagent', 'IdentityAgent', 'identityfile', 'pkcs11provider', 'host', '');
const lines = fc.array(fc.tuple(keyword, hostileText).map((words) => words.join(' '))).map((all) => all.join('\n'));

describe('what ssh -G prints', () => {
  property('is read, whatever it holds, to an agent with a name and to files with absolute paths', lines, (text) => {
    const { agent, identityFiles } = parseSshSettings(text, {
      environment: { SSH_AUTH_SOCK: '/env.sock' },
      homeDirectory: '/home/me',
      accountHome: undefined,
      platform: 'linux',
    });
    if (agent.kind === 'socket') expect(agent.socket).not.toMatch(/^\s*$|\n/);
    for (const file of identityFiles) expect(path.isAbsolute(file)).toBe(true);
  });
});
