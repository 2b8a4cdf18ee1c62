import { describe, expect, it } from 'vitest';
import { type Account, readConfig } from '../../../src/supervisor/config.ts';

const ACCOUNT: Account = { name: 'developer', uid: 1000, gid: 1000, home: '/home/developer', shell: '/bin/bash' };

describe('readConfig', () => {
  it('needs nothing but the account', () => {
    expect(readConfig({}, ACCOUNT)).toMatchObject({
      user: 'developer',
      uid: 1000,
      gid: 1000,
      home: '/home/developer',
      homeKind: 'emptyDir',
      sshPort: 2222,
      httpPort: 9222,
      loginGraceMs: 30_000,
      keepaliveSeconds: 30,
      maxConnections: 1000,
      maxUnauthenticated: 200,
      gracePeriodMs: 30_000,
      memoryKillPercent: 92,
      restoreSessions: false,
      logLevel: 'info',
      sessionEnvironment: {},
      extraCaDirectory: undefined,
    });
  });

  it('takes what the environment says, in the units of its names', () => {
    const config = readConfig(
      {
        WS_USER: 'alice',
        WS_HOME: '/home/alice',
        WS_HOME_KIND: 'claim',
        WS_SSH_PORT: '22',
        WS_LOGIN_GRACE_SECONDS: '5',
      },
      ACCOUNT,
    );
    expect(config).toMatchObject({
      user: 'alice',
      home: '/home/alice',
      homeKind: 'claim',
      restoreSessions: true,
      sshPort: 22,
      loginGraceMs: 5000,
    });
  });

  it('gives sessions the named variables that are there, and no other', () => {
    const environment = {
      WS_SESSION_ENVIRONMENT: 'EDITOR, MISSING',
      EDITOR: 'vim',
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
    };
    expect(readConfig(environment, ACCOUNT).sessionEnvironment).toEqual({ EDITOR: 'vim' });
  });

  it.each([
    ['emptyDir', 'true', false],
    ['claim', 'true', true],
    ['claim', '', true],
    ['claim', 'false', false],
  ])(
    'has sessions come back on a home that outlives the pod, unless it is told otherwise: %s, %j',
    (kind, text, expected) => {
      const environment = { WS_HOME_KIND: kind, WS_RESTORE_SESSIONS: text };
      expect(readConfig(environment, ACCOUNT).restoreSessions).toBe(expected);
    },
  );

  it('takes an empty number for none', () => {
    expect(readConfig({ WS_SSH_PORT: '' }, ACCOUNT).sshPort).toBe(2222);
  });

  it.each([
    ['WS_SSH_PORT', '0', 'WS_SSH_PORT is "0"; it must be a whole number from 1 to 65535'],
    ['WS_SSH_PORT', '22.5', 'WS_SSH_PORT is "22.5"; it must be a whole number from 1 to 65535'],
    ['WS_RESTORE_SESSIONS', 'yes', 'WS_RESTORE_SESSIONS is "yes"; it may be true or false'],
    ['WS_MEMORY_KILL_PERCENT', '100', 'WS_MEMORY_KILL_PERCENT is "100"; it must be a whole number from 0 to 99'],
    ['WS_KEEPALIVE_SECONDS', 'often', 'WS_KEEPALIVE_SECONDS is "often"; it must be a whole number from 0 to 3600'],
    ['WS_LOG_LEVEL', 'loud', 'WS_LOG_LEVEL is "loud"; it may be debug, info, warn, error'],
  ])('refuses %s=%s in a sentence', (name, value, sentence) => {
    expect(() => readConfig({ [name]: value }, ACCOUNT)).toThrow(sentence);
  });
});
