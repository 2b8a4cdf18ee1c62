/** Lines as Dropbear 2026.94 writes them. */
import { describe, expect, it } from 'vitest';
import { parseDropbearLine } from '../../../../src/supervisor/dropbear/dropbear-log.ts';

const line = (message: string) => `[4711] Nov 23 12:00:01 ${message}`;
const parse = (message: string) => parseDropbearLine(line(message));

describe('parseDropbearLine', () => {
  it.each([
    ['Child connection from 10.1.2.3:4022', { kind: 'connected' }],
    ['Child connection from [2001:db8::1]:4022', { kind: 'connected' }],
    [
      "Pubkey auth succeeded for 'developer' with ssh-ed25519 key SHA256:abc+/d from 10.1.2.3:4022",
      { kind: 'auth-succeeded', user: 'developer', keyType: 'ssh-ed25519', fingerprint: 'SHA256:abc+/d' },
    ],
    [
      "Pubkey auth bad signature for 'developer' with key SHA256:abc from 10.1.2.3:4022",
      { kind: 'auth-failed', reason: 'bad_signature', user: 'developer' },
    ],
    ['Login attempt for nonexistent user from 10.1.2.3:4022', { kind: 'auth-failed', reason: 'no_user' }],
    [
      'Login attempt with wrong user nobody from 10.1.2.3:4022',
      { kind: 'auth-failed', reason: 'wrong_user', user: 'nobody' },
    ],
    ["User 'developer' has invalid shell, rejected", { kind: 'auth-failed', reason: 'bad_shell', user: 'developer' }],
    ['root login rejected', { kind: 'auth-failed', reason: 'root', user: 'root' }],
    [
      '/etc/ws must be owned by user or root, and not writable by group or others',
      { kind: 'config-error', message: '/etc/ws must be owned by user or root, and not writable by group or others' },
    ],
    [
      'Bad public key options at /etc/ws/auth/authorized_keys:3',
      { kind: 'key-unusable', file: '/etc/ws/auth/authorized_keys', line: 3 },
    ],
    ['Early exit: String too long', { kind: 'config-error', message: 'String too long' }],
    ['syslogin_perform_logout: logout(pts/0) returned an error: No such file', { kind: 'ignored' }],
    ['Command 4712 was sent signal 2', { kind: 'signalled', command: 4712, signal: 2 }],
    ['Command 4712 was left', { kind: 'left', command: 4712 }],
    ['TCP forward failed: Error listening: Permission denied', { kind: 'other' }],
  ])('%s', (message, event) => {
    expect(parse(message)).toMatchObject(event);
  });

  it.each([
    ['Exit before auth from <10.1.2.3:4022>: Exited normally', false, 'exited'],
    ["Exit before auth from <10.1.2.3:4022>: (user 'developer', 0 fails): Exited normally", false, 'exited'],
    [
      "Exit before auth from <[::1]:4022>: (user 'developer', 6 fails): Max auth tries reached - user 'developer'",
      false,
      'too_many_tries',
    ],
    ['Exit before auth from <10.1.2.3:1>: Timeout before auth', false, 'login_timeout'],
    ['Exit before auth from <10.1.2.3:1>: No matching algo hostkey', false, 'no_common_algorithm'],
    ["Exit before auth from <10.1.2.3:1>: Incompatible remote version 'GET / HTTP/1.1'", false, 'protocol_error'],
    ['Exit before auth: Client trying multiple usernames', false, 'protocol_error'],
    ['Exit (developer) from <10.1.2.3:4022>: Disconnect received', true, 'disconnected'],
    ['Exit (developer) from <10.1.2.3:4022>: Error reading: Connection reset by peer', true, 'disconnected'],
    ['Exit (developer) from <10.1.2.3:4022>: Keepalive timeout', true, 'keepalive_timeout'],
    ['Exit (developer) from <10.1.2.3:4022>: Idle timeout', true, 'idle_timeout'],
    ['Exit (developer) from <10.1.2.3:4022>: Max duration reached', true, 'max_duration'],
    ['Exit (developer) from <10.1.2.3:4022>: Terminated by signal', true, 'terminated'],
    ['Exit (developer) from <10.1.2.3:4022>: Integrity error (bad packet size 9)', true, 'protocol_error'],
    ['Exit (developer): Failed to do something', true, 'server_error'],
    ['Exit (developer): Something new', true, 'other'],
  ])('%s', (message, authenticated, reason) => {
    expect(parse(message)).toMatchObject({ kind: 'ended', authenticated, reason });
  });

  it('tells who it was that did not get in, and that nobody was named', () => {
    const end = "Exit before auth from <10.1.2.3:4022>: (user 'developer', 3 fails): Exited normally";
    expect(parse(end)).toMatchObject({ user: 'developer', detail: 'Exited normally' });
    expect(parse('Exit before auth from <10.1.2.3:4022>: Exited normally')).toMatchObject({ user: undefined });
    expect(parse('Exit (developer) from <10.1.2.3:4022>: Disconnect received')).toMatchObject({ user: 'developer' });
  });

  it('knows the line that comes without a prefix', () => {
    const text = 'Aiee, segfault! You should probably report this as a bug to the developer';
    expect(parseDropbearLine(text).kind).toBe('crashed');
  });

  it('leaves an empty line out', () => {
    expect(parseDropbearLine('').kind).toBe('ignored');
  });

  it("cleans and bounds an attacker's text", () => {
    const event = parse(`Strange \x1b[31mred\x07\x9b${'x'.repeat(5000)}`);
    expect(event.kind).toBe('other');
    const { message } = event as { message: string };
    expect(message).toMatch(/^Strange \[31mred/);
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThanOrEqual(1024);
  });

  it('takes no forged login from a version text', () => {
    const forged = "Exit before auth from <1.2.3.4:5>: Incompatible remote version 'Pubkey auth succeeded for 'root''";
    expect(parse(forged)).toMatchObject({ kind: 'ended', authenticated: false });
  });
});
