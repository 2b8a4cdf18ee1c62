/** From a byte stream to a connection that is logged in. */

import type { ByteStream } from '../../../workspace/byte-stream.ts';
import { failure, hasCode, interrupted } from '../../../workspace/errors/errors.ts';
import { run, ws } from '../../../workspace/errors/suggestion.ts';
import { suggestNewKey } from '../../../workspace/keys/new-key.ts';
import type { SshConnection, SshTarget } from '../../../workspace/world.ts';
import { createConnection, type LoggedInClient } from '../connection.ts';
import { createSigner, type Signer } from '../keys/signers.ts';
import { Client, correctSignature, signAtOnce } from '../ssh2-privates.ts';
import { toAlgorithms } from './algorithms.ts';
import { Authenticator } from './authenticator.ts';
import { toConnectFailure, toSilence } from './connect-failure.ts';
import type { ConnectorOptions } from './connector-options.ts';
import { gatherWrites } from './gather-writes.ts';
import { HostKeyCheck } from './host-key-check.ts';

/** The limit for the handshake, without the time that a person takes for a passphrase or a touch. */
const HANDSHAKE_LIMIT_MS = 20_000;

/**
 * After the fourth of these without an answer, the path counts as dead. A resumable stream finds that out by itself.
 */
const KEEPALIVE_INTERVAL_MS = 15_000;
const KEEPALIVE_MISSES = 3;

/**
 * Throws `HOST_KEY_CHANGED`, `KEY_NOT_AUTHORIZED`, `CONNECTION_FAILED`, the trouble with a key, or what the stream
 * threw.
 */
export async function openConnection(
  target: SshTarget,
  options: ConnectorOptions,
  signal: AbortSignal,
): Promise<SshConnection> {
  if (signal.aborted) throw interrupted();
  if (target.identities.length === 0) {
    throw failure('KEY_NOT_FOUND', {
      message: 'There is no key to log in with',
      suggestions: [
        run('ssh-add')`-l`,
        { ...suggestNewKey(), note: 'makes a key' },
        { ...ws`keys add FILE.pub`, note: 'lets it in' },
      ],
    });
  }
  const attempt = new Attempt(target, options, signal);
  try {
    return await attempt.open();
  } catch (error) {
    // The server's login grace is shorter than some people's typing. The key is open now, so try once more.
    if (!attempt.wasAsking || !hasCode(error, 'CONNECTION_FAILED')) throw error;
    await attempt.answered;
    return await attempt.open();
  }
}

class Attempt {
  readonly #target: SshTarget;
  readonly #options: ConnectorOptions;
  readonly #signal: AbortSignal;
  readonly #signers: Signer[];
  #client: Client | undefined;
  #authenticator: Authenticator | undefined;
  #asking: Promise<unknown> | undefined;
  #giveUp: ((error: Error) => void) | undefined;
  #waitingForPerson = 0;
  wasAsking = false;

  constructor(target: SshTarget, options: ConnectorOptions, signal: AbortSignal) {
    this.#target = target;
    this.#options = options;
    this.#signal = signal;
    this.#signers = target.identities.map((identity) => this.#createSigner(identity));
  }

  /** Settles when the person has answered. */
  get answered(): Promise<unknown> {
    return Promise.resolve(this.#asking).catch(() => undefined);
  }

  async open(): Promise<SshConnection> {
    const stream = await this.#target.openStream(this.#signal);
    gatherWrites(stream);
    try {
      const login = await this.#shakeHands(stream);
      return createConnection(login, stream, this.#options);
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  /** Keys that sign without a person: in files without a passphrase. */
  #findIndependent(): Set<string> {
    const independent = this.#target.identities.filter(({ source, encrypted }) => source === 'file' && !encrypted);
    return new Set(independent.map(({ blob }) => blob));
  }

  #createSigner(identity: SshTarget['identities'][number]): Signer {
    const { askPassphrase } = this.#target;
    return createSigner(identity, {
      agentSocket: this.#options.agentSocket,
      signal: this.#signal,
      askPassphrase: askPassphrase && ((of, attempt) => this.#ask(() => askPassphrase(of, attempt))),
      waitForPerson: (action) => this.#waitForPerson(action),
      onFailure: (error) => {
        // A person who interrupts the question for a passphrase does not want us to try another key.
        if (hasCode(error, 'INTERRUPTED')) this.#giveUp?.(error);
        this.#authenticator?.noteFailure(error);
      },
      onHardwareSignature: (signature, trailer) => {
        if (this.#client !== undefined) correctSignature(this.#client, signature, trailer);
      },
    });
  }

  async #ask(ask: () => Promise<string | undefined>): Promise<string | undefined> {
    this.wasAsking = true;
    const asking = this.#waitForPerson(ask);
    this.#asking = asking;
    return await asking;
  }

  async #waitForPerson<Result>(action: () => Promise<Result>): Promise<Result> {
    this.#waitingForPerson += 1;
    try {
      return await action();
    } finally {
      this.#waitingForPerson -= 1;
    }
  }

  async #shakeHands(stream: ByteStream): Promise<LoggedInClient> {
    const check = new HostKeyCheck(this.#target.hostKeys);
    const authenticator = new Authenticator(this.#target.user, this.#signers);
    this.#authenticator = authenticator;
    const client = new Client();
    this.#client = client;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#giveUp = reject;
    const toCause = (error: Error | undefined) => check.findFault() ?? toConnectFailure(error, authenticator);
    let last: Error | undefined;
    client.on('ready', resolve);
    client.on('error', (error: Error & { level?: string }) => {
      // A key that could not sign is not the end: try the next one.
      if (error.level === 'agent') return;
      last = error;
      reject(toCause(error));
    });
    client.on('close', () => reject(toCause(last)));
    client.once('end', () => stream.destroy());
    const abort = () => reject(interrupted());
    this.#signal.addEventListener('abort', abort);
    const timer = setInterval(() => {
      if (this.#waitingForPerson === 0) reject(toSilence(HANDSHAKE_LIMIT_MS));
    }, HANDSHAKE_LIMIT_MS);
    try {
      if (this.#signal.aborted) abort();
      client.connect({
        sock: stream,
        username: this.#target.user,
        algorithms: toAlgorithms(this.#target.hostKeys),
        hostVerifier: (blob: Buffer) => check.verify(blob),
        authHandler: authenticator.next,
        keepaliveInterval: stream.watch !== undefined ? 0 : KEEPALIVE_INTERVAL_MS,
        keepaliveCountMax: KEEPALIVE_MISSES,
        readyTimeout: 0,
        ...(this.#options.agentSocket === undefined ? {} : { agent: this.#options.agentSocket }),
      });
      signAtOnce(client, this.#findIndependent());
      await promise;
      return { client, identity: authenticator.accepted };
    } catch (error) {
      client.destroy();
      throw error;
    } finally {
      clearInterval(timer);
      this.#signal.removeEventListener('abort', abort);
    }
  }
}
