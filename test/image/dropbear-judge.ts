/** The image's own Dropbear, asked which keys it would let in. It answers that before anybody has signed anything. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { fromKeyObject, type PublicKey } from '../../src/contract/keys/public-key.ts';
import {
  AUTHORIZED_KEYS_DIRECTORY,
  AUTHORIZED_KEYS_FILE,
  AUTHORIZED_KEYS_GATE,
  RUNTIME_DIRECTORY,
} from '../../src/contract/paths.ts';
import { DROPBEAR } from '../../src/supervisor/dropbear/dropbear-arguments.ts';
import { toDropbearKey } from '../../src/supervisor/runtime/dropbear-key.ts';
import { toFingerprint } from '../../src/workspace/keys/keys.ts';
import type { LineCase } from '../authorized/lines.ts';

const USER = 'developer';
const UID = 1000;

/** Dropbear's MAX_PUBKEY_QUERIES, less the one try that it is given: so many refusals cost no time. */
const FREE_REFUSALS = 14;

export interface Verdict {
  isLetIn: boolean;
  /** Dropbear's last words, where it ended over the question. */
  end: string | undefined;
}

/** How a connection goes on with the next key to offer; undefined ends it. */
type NextKey = () => { key: PublicKey; onWanted: () => Buffer | undefined } | undefined;

export class DropbearJudge {
  readonly #keysFile: string;
  readonly #server: Server;
  #log = '';

  /**
   * In the root file system of an unpacked image, as the pod has it: the user's own, with the Secret where it is
   * mounted.
   */
  static async open(rootfs: string): Promise<DropbearJudge> {
    const hostKey = path.join(RUNTIME_DIRECTORY, 'judge-key');
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
    writeFileSync(path.join(rootfs, hostKey), toDropbearKey(Buffer.from(pem)), { mode: 0o600 });
    chownSync(path.join(rootfs, hostKey), UID, UID);
    const judge = new DropbearJudge(rootfs, ['-i', '-E', '-T', '1', '-D', AUTHORIZED_KEYS_GATE, '-r', hostKey]);
    await new Promise<void>((resolve) => judge.#server.listen(0, '127.0.0.1', resolve));
    return judge;
  }

  private constructor(rootfs: string, words: string[]) {
    const secret = path.join(rootfs, AUTHORIZED_KEYS_DIRECTORY);
    mkdirSync(secret, { recursive: true });
    this.#keysFile = path.join(secret, AUTHORIZED_KEYS_FILE);
    this.#server = createServer({ pauseOnConnect: true }, (socket) => {
      const command = [`--userspec=${UID}:${UID}`, rootfs, DROPBEAR, ...words];
      const child = spawn('chroot', command, { stdio: [socket, socket, 'pipe'] });
      child.stderr.on('data', (chunk: Buffer) => {
        this.#log += chunk;
      });
      child.once('spawn', () => socket.destroy());
    });
  }

  [Symbol.dispose](): void {
    this.#server.close();
    rmSync(this.#keysFile, { force: true });
  }

  /** One verdict for each case, over as few connections as Dropbear allows. */
  async judge(cases: LineCase[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    while (verdicts.length < cases.length) {
      const before = verdicts.length;
      this.#log = '';
      let refusals = 0;
      let isOpen = false;
      await this.#offer(() => {
        if (isOpen) refusals = verdicts.push({ isLetIn: false, end: undefined }) - before;
        const next = refusals < FREE_REFUSALS ? cases[verdicts.length] : undefined;
        isOpen = next !== undefined;
        if (next === undefined) return undefined;
        writeFileSync(this.#keysFile, next.text);
        const onWanted = () => {
          isOpen = false;
          verdicts.push({ isLetIn: true, end: undefined });
          return undefined;
        };
        return { key: next.key, onWanted };
      });
      if (isOpen) verdicts.push({ isLetIn: false, end: /(?<=exit|auth).*: (\S[^\n]*)/i.exec(this.#log)?.[1] });
      if (verdicts.length === before) throw new Error(`Dropbear answers nothing: ${this.#log}`);
    }
    return verdicts;
  }

  /**
   * Those of the keys that Dropbear can read, told by what it says of a bad signature. It says nothing of one it cannot
   * read.
   */
  async listReadable(keys: PublicKey[]): Promise<PublicKey[]> {
    this.#log = '';
    writeFileSync(this.#keysFile, keys.map(({ type, blob }) => `${type} ${blob}\n`).join(''));
    await Promise.all(
      keys.map((key) => {
        const offers = [{ key, onWanted: () => toBadSignature(key) }];
        return this.#offer(() => offers.pop());
      }),
    );
    const refusals = this.#log.split('\n').filter((line) => line.includes('bad signature'));
    return keys.filter(({ blob }) => refusals.some((line) => line.includes(toFingerprint(blob))));
  }

  /** Ends with the connection, whoever ends it. */
  #offer(next: NextKey): Promise<void> {
    const client = new ssh2.Client();
    return new Promise((resolve) => {
      // An error is where the connection ends, or where a key was wanted and nobody signed.
      client.on('error', () => undefined);
      // ssh2 writes a packet in parts, and each would wait for the answer to the one before.
      client.on('connect', () => client.setNoDelay(true));
      client.on('close', () => resolve());
      client.connect({
        host: '127.0.0.1',
        port: (this.#server.address() as AddressInfo).port,
        username: USER,
        authHandler: (_left, _isPartial, use) => {
          const offer = next();
          if (offer === undefined) client.end();
          else use({ type: 'agent', username: USER, agent: new Holder(offer.key, offer.onWanted) });
        },
      });
    });
  }
}

/** In the form that ssh2 expects of the type: DER for ECDSA. */
function toBadSignature({ type }: PublicKey): Buffer {
  return type.startsWith('ecdsa-') ? Buffer.from('3006020101020101', 'hex') : Buffer.alloc(64, 1);
}

/** Has one key to show, and the signature that `onWanted` gives. */
class Holder extends ssh2.BaseAgent<ParsedKey> {
  readonly #key: PublicKey;
  readonly #onWanted: () => Buffer | undefined;

  constructor(key: PublicKey, onWanted: () => Buffer | undefined) {
    super();
    this.#key = key;
    this.#onWanted = onWanted;
  }

  override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    const { type, blob } = this.#key;
    const shown = { type: { value: type }, getPublicSSH: { value: () => Buffer.from(blob, 'base64') } };
    callback(undefined, [Object.create(LENDER, shown)]);
  }

  override sign(_key: unknown, _data: Buffer, ...rest: unknown[]): void {
    const signature = this.#onWanted();
    const callback = rest.at(-1) as (error: Error | null, signature?: Buffer) => void;
    if (signature === undefined) callback(new Error('nobody has the private half'));
    else callback(null, signature);
  }
}

/** ssh2 does not know every type: a key that it knows lends the rest. */
const LENDER = (() => {
  const { type, blob } = fromKeyObject(generateKeyPairSync('ed25519').publicKey);
  return ssh2.utils.parseKey(`${type} ${blob}`) as ParsedKey;
})();
