/** A network that is gone: the kernel drops every packet to and from a port of this machine's, and tells nobody. */
import { execFileSync } from 'node:child_process';

export interface NoNetwork extends Disposable {
  drop(port: number): void;
  pass(port: number): void;
}

/** Needs root, as the test cluster does. */
export function openNoNetwork(): NoNetwork {
  const table = `ws_faults_${process.pid}`;
  nft(`table ip ${table} {
    set dropped { type inet_service; }
    chain input {
      type filter hook input priority 0;
      iifname "lo" tcp dport @dropped drop
      iifname "lo" tcp sport @dropped drop
    }
  }`);
  const remove = () => nft(`delete table ip ${table}`);
  process.once('exit', remove);
  return {
    drop: (port) => nft(`add element ip ${table} dropped { ${port} }`),
    pass: (port) => nft(`delete element ip ${table} dropped { ${port} }`),
    [Symbol.dispose]() {
      process.off('exit', remove);
      remove();
    },
  };
}

function nft(text: string): void {
  execFileSync('nft', ['-f', '-'], { input: text, stdio: ['pipe', 'ignore', 'inherit'] });
}
