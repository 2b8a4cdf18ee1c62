/**
 * Public keys of every type, and damaged ones. Nothing here is taken from our own table of rules, which may lack
 * something.
 */
import { createECDH } from 'node:crypto';
import { type PublicKey, toPublicKey } from '../../src/contract/keys/public-key.ts';

const CURVES = ['nistp256', 'nistp384', 'nistp521'];

/** One key of each type that OpenSSH makes and Dropbear may know. Nobody has their private halves. */
export const KEYS: PublicKey[] = [
  toPublicKey('ssh-ed25519', Buffer.alloc(32, 7)),
  toPublicKey('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.concat([Buffer.from([0]), Buffer.alloc(256, 0xab)])),
  toPublicKey('ecdsa-sha2-nistp256', 'nistp256', makePoint('nistp256')),
  toPublicKey('ecdsa-sha2-nistp384', 'nistp384', makePoint('nistp384')),
  toPublicKey('ecdsa-sha2-nistp521', 'nistp521', makePoint('nistp521')),
  toPublicKey('sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 7), 'ssh:'),
  toPublicKey('sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', makePoint('nistp256'), 'ssh:'),
  toPublicKey('ssh-dss', 'p', 'q', 'g', 'y'),
  toPublicKey('ssh-ed448', Buffer.alloc(57, 7)),
];

export const [ED25519, RSA] = KEYS as [PublicKey, PublicKey];

/** Keys with other bytes than the rules want: none with too much at its end, where a signature would be looked for. */
export function listKeyVariants(): PublicKey[] {
  const one = Buffer.from([1]);
  const zero = Buffer.from([0]);
  const number = (bits: number) => Buffer.from(`8${'1'.repeat(bits / 4 - 1)}`, 'hex');
  const points = CURVES.flatMap((curve) => {
    const point = makePoint(curve);
    const [x, y] = [point.subarray(1, (point.length + 1) / 2), point.subarray((point.length + 1) / 2)];
    const flipped = Buffer.from(point);
    flipped.writeUInt8((flipped.at(-1) ?? 0) ^ 1, flipped.length - 1);
    const type = `ecdsa-sha2-${curve}`;
    return [
      toPublicKey(type, curve, point),
      ...[
        Buffer.concat([Buffer.from([2]), x]),
        Buffer.concat([Buffer.from([6]), x, y]),
        flipped,
        point.subarray(1),
      ].map((bad) => toPublicKey(type, curve, bad)),
      toPublicKey(type, curve, Buffer.concat([Buffer.from([4]), zero, x, zero, y])),
      toPublicKey(type, curve, Buffer.alloc(point.length)),
      ...[...CURVES, ''].filter((name) => name !== curve).map((name) => toPublicKey(type, name, point)),
    ];
  });
  const rsa = (exponent: Buffer, modulus: Buffer) => toPublicKey('ssh-rsa', exponent, modulus);
  return [
    ...[31, 32, 33].map((length) => toPublicKey('ssh-ed25519', Buffer.alloc(length, 5))),
    ...[1020, 1024, 2048, 8192].map((bits) => rsa(one, Buffer.concat([zero, number(bits)]))),
    rsa(one, Buffer.concat([zero, zero, zero, number(1024)])),
    rsa(one, number(2048)),
    rsa(one, Buffer.concat([one, Buffer.alloc(127, 3)])),
    rsa(one, Buffer.concat([Buffer.from([0x7f]), Buffer.alloc(127, 3)])),
    rsa(Buffer.alloc(8, 0x7f), Buffer.concat([zero, number(2048)])),
    rsa(Buffer.concat([zero, Buffer.alloc(8, 0xff)]), Buffer.concat([zero, number(2048)])),
    rsa(Buffer.alloc(9, 0x01), Buffer.concat([zero, number(2048)])),
    rsa(Buffer.from([0x81]), Buffer.concat([zero, number(2048)])),
    ...[1030, 1031].map((length) => rsa(one, Buffer.alloc(length, 1))),
    ...points,
  ];
}

/** The point of the private key 9. */
function makePoint(curve: string): Buffer {
  const name = { nistp256: 'prime256v1', nistp384: 'secp384r1', nistp521: 'secp521r1' }[curve] ?? '';
  const pair = createECDH(name);
  pair.setPrivateKey(Buffer.from([9]));
  return pair.getPublicKey();
}
