/** A network that loses packets to and from a port of this machine's: all of them, or one in ten. Nobody is told. */
import { execFileSync } from 'node:child_process';

export interface BadNetwork extends Disposable {
  /** Every packet. */
  drop(port: number): void;
  /** One of ten, each at random. */
  dropSome(port: number): void;
  /** From now on no packet is lost. */
  pass(port: number): void;
}

/** Needs root, as the test cluster does. */
export function openBadNetwork(): BadNetwork {
  const table = `ws_faults_${process.pid}`;
  const atRandom = 'numgen random mod 10 == 0';
  nft(`table ip ${table} {
    set every { type inet_service; }
    set tenth { type inet_service; }
    chain input {
      type filter hook input priority 0;
      iifname "lo" tcp dport @every drop
      iifname "lo" tcp sport @every drop
      iifname "lo" tcp dport @tenth ${atRandom} drop
      iifname "lo" tcp sport @tenth ${atRandom} drop
    }
  }`);
  const remove = () => nft(`delete table ip ${table}`);
  const toElement = (set: string, port: number) => `element ip ${table} ${set} { ${port} }`;
  process.once('exit', remove);
  return {
    drop: (port) => nft(`add ${toElement('every', port)}`),
    dropSome: (port) => nft(`add ${toElement('tenth', port)}`),
    pass: (port) => {
      // What is not there cannot be deleted. In one transaction, no packet meets it.
      const elements = ['every', 'tenth'].map((set) => toElement(set, port));
      nft(elements.flatMap((element) => [`add ${element}`, `delete ${element}`]).join('\n'));
    },
    [Symbol.dispose]() {
      process.off('exit', remove);
      remove();
    },
  };
}

function nft(text: string): void {
  execFileSync('nft', ['-f', '-'], { input: text, stdio: ['pipe', 'ignore', 'inherit'] });
}
