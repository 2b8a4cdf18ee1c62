/**
 * Identities as ssh2 tries them. ssh2 asks the server first whether it would take a key and calls `sign` only then, but
 * only for agents can `sign` take its time: so every identity is shown to it as an agent with one key, and a passphrase
 * is asked for only when it will be of use.
 */

import type { ParsedKey, SigningRequestOptions } from 'ssh2';
import { WireReader } from '../../../contract/keys/wire.ts';
import { failure } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { run } from '../../../workspace/errors/suggestion.ts';
import type { Identity } from '../../../workspace/keys/keys.ts';
import { BaseAgent, toPublicKey } from '../ssh2-privates.ts';
import { type AgentSocket, RSA_FLAGS, signWithAgent } from './agent-client.ts';
import type { AskPassphrase } from './decrypt-key.ts';
import { decryptKey } from './decrypt-key.ts';

export interface Signer {
  identity: Identity;
  /** For ssh2's `agent` method. */
  agent: BaseAgent;
}

export interface SignerOptions {
  agentSocket: AgentSocket | undefined;
  askPassphrase: AskPassphrase | undefined;
  signal: AbortSignal;
  /** Runs what may wait for a touch or a confirmation, which takes as long as it takes. */
  waitForPerson<Result>(action: () => Promise<Result>): Promise<Result>;
  /** Called with why a key that the server would take could not sign. */
  onFailure(error: unknown): void;
  /** Called with the flags and counter that follow a hardware key's signature. */
  onHardwareSignature(signature: Buffer, trailer: Buffer): void;
}

type Sign = (data: Buffer, hash: 'sha256' | 'sha512' | undefined) => Promise<Buffer>;

export function createSigner(identity: Identity, options: SignerOptions): Signer {
  const sign = identity.source === 'agent' ? toAgentSign(identity, options) : toFileSign(identity, options);
  return { identity, agent: new OneKeyAgent(toPublicKey(identity), sign, options.onFailure) };
}

class OneKeyAgent extends BaseAgent<ParsedKey> {
  readonly #key: ParsedKey;
  readonly #sign: Sign;
  readonly #onFailure: (error: unknown) => void;

  constructor(key: ParsedKey, sign: Sign, onFailure: (error: unknown) => void) {
    super();
    this.#key = key;
    this.#sign = sign;
    this.#onFailure = onFailure;
  }

  override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    callback(undefined, [this.#key]);
  }

  override sign(
    _key: unknown,
    data: Buffer,
    options: SigningRequestOptions | ((error?: Error | null, signature?: Buffer) => void),
    callback?: (error?: Error | null, signature?: Buffer) => void,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    const hash = typeof options === 'function' ? undefined : (options.hash as 'sha256' | 'sha512' | undefined);
    // ssh2 reuses the buffer once this returns.
    this.#sign(Buffer.from(data), hash).then(
      (signature) => done?.(null, signature),
      (error) => {
        this.#onFailure(error);
        done?.(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }
}

function toAgentSign(identity: Identity, options: SignerOptions): Sign {
  const { agentSocket, signal } = options;
  return async (data, hash) => {
    if (agentSocket === undefined) {
      throw failure('KEY_UNREADABLE', {
        message: `The agent that holds ${identity.fingerprint} is gone`,
        suggestions: [run('ssh-add')`-l`],
      });
    }
    try {
      const flags = hash === undefined ? 0 : RSA_FLAGS[hash];
      const blob = Buffer.from(identity.blob, 'base64');
      const answer = await options.waitForPerson(() => signWithAgent(agentSocket, blob, data, flags, signal));
      const reader = new WireReader(answer);
      reader.string();
      const signature = reader.string();
      const trailer = reader.rest();
      if (trailer.length === 0) return signature;
      options.onHardwareSignature(signature, trailer);
      return Buffer.concat([signature, trailer]);
    } catch (cause) {
      throw failure('KEY_UNREADABLE', {
        message: `The agent did not sign with ${identity.fingerprint}`,
        reason: toReason(cause, 'address'),
        suggestions: [run('ssh-add')`-l`, run('ssh-add')``],
        cause,
      });
    }
  };
}

function toFileSign(identity: Identity, options: SignerOptions): Sign {
  let key: Promise<ParsedKey> | undefined;
  return async (data, hash) => {
    key ??= decryptKey(identity, options.askPassphrase);
    const signature: Buffer | Error = (await key).sign(data, hash);
    if (signature instanceof Error) throw signature;
    return signature;
  };
}
