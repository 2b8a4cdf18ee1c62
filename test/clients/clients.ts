/** What a client of somebody else's is asked to do, and where. */

export interface Target {
  host: string;
  port: number;
  user: string;
  /** Path of a private key in OpenSSH's form, without a passphrase. */
  key: string;
  /** `ssh-ed25519 AAAA…`: the only host key that is right. */
  hostKey: string;
  /** A line for sh whose stdin and stdout are the connection, instead of host and port. */
  proxy: string | undefined;
  /** Of every program that is started. */
  environment: Record<string, string>;
}

export interface Answer {
  status: number;
  stdout: string;
}

export interface OnTerminal {
  /** Undefined where the client loses it. */
  status: number | undefined;
  stdout: string;
}

export interface Size {
  columns: number;
  rows: number;
}

/** The client stopped by itself, as it should where something is wrong. */
export class Refused extends Error {
  readonly by: 'login' | 'host key';

  constructor(by: Refused['by'], said: string) {
    super(`refused: ${by}: ${said}`);
    this.by = by;
  }
}

/** A client that is installed. What it cannot do is missing. */
export interface Installed {
  version: string;
  /** One after the other, over one connection unless the client has `oneEach`. */
  each?(at: Target, commands: string[]): Promise<Answer[]>;
  /** All at once. */
  together?(at: Target, commands: string[]): Promise<Answer[]>;
  /** On a terminal of that size. */
  terminal?(at: Target, size: Size, command: string): Promise<OnTerminal>;
  /** Copies a file there, and from there to another place. */
  copy?(at: Target, local: string, remote: string, back: string): Promise<void>;
}

export interface Client {
  name: string;
  /** Why it lacks a part of `Installed`. */
  lacks: string;
  /** It makes a connection for each command. */
  oneEach: boolean;
  /** Whether it can take a program for a connection. The others get a local port that leads through the program. */
  takesProxy: boolean;
  /** Rejects with a sentence where it cannot be had. */
  install(): Promise<Installed>;
}
