/** The clients that are tried. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client, Installed } from './clients.ts';
import { installPrograms, programClient } from './programs.ts';
import { installCurl } from './tools/curl.ts';
import { installDbclient } from './tools/dbclient.ts';
import { installPutty } from './tools/putty.ts';

const WHOLE = { lacks: '', oneEach: false, takesProxy: true };

export const CLIENTS: Client[] = [
  { ...WHOLE, name: 'paramiko', install: () => installPython('paramiko') },
  { ...WHOLE, name: 'asyncssh', install: () => installPython('asyncssh') },
  { ...WHOLE, name: 'PuTTY (plink, psftp)', install: installPutty },
  {
    ...{ name: 'libssh2 (curl)', install: installCurl },
    ...{ lacks: 'curl copies files only', oneEach: false, takesProxy: false },
  },
  {
    ...{ name: 'Dropbear (dbclient)', install: installDbclient },
    ...{ lacks: 'dbclient copies no files by itself', oneEach: true, takesProxy: true },
  },
  { ...WHOLE, name: 'Go (x/crypto/ssh)', install: installGo },
  { ...WHOLE, name: 'JSch (mwiede)', takesProxy: false, install: () => installJava('jsch', 'JschClient') },
  { ...WHOLE, name: 'Apache MINA', takesProxy: false, install: () => installJava('sshd-core', 'MinaClient') },
  { ...WHOLE, name: 'russh', takesProxy: false, install: installRust },
];

const SOURCES = path.join(import.meta.dirname, 'programs');

async function installPython(name: string): Promise<Installed> {
  const folder = await installPrograms('python');
  const version = find('python/requirements.txt', new RegExp(`^${name}==(\\S+)`, 'm'));
  return programClient(version, [`${folder}/python/bin/python`, `${folder}/${name}_client.py`]);
}

export async function installGo(): Promise<Installed> {
  const folder = await installPrograms('go');
  return programClient(find('go/go.mod', /golang\.org\/x\/crypto v(\S+)/), [`${folder}/go-client`]);
}

async function installJava(artifact: string, program: string): Promise<Installed> {
  const folder = await installPrograms('java');
  const version = find('java/pom.xml', new RegExp(`<artifactId>${artifact}</artifactId>\\s*<version>([^<]+)`));
  return programClient(version, ['java', '-cp', `${folder}/classes:${folder}/jars/*`, program]);
}

async function installRust(): Promise<Installed> {
  const folder = await installPrograms('rust');
  return programClient(find('rust/Cargo.toml', /^russh = .*?"=?([\d.]+)"/m), [`${folder}/rust-client`]);
}

function find(file: string, version: RegExp): string {
  return version.exec(readFileSync(path.join(SOURCES, file), 'utf8'))?.[1] ?? '';
}
