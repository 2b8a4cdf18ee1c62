/** Certificates of the tests' own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './stage.ts';

export interface Certificate {
  key: string;
  cert: string;
}

/** From when until when, counted from now. */
export interface Days {
  fromDays?: number;
  toDays?: number;
}

/** A certificate that signs itself. */
export async function makeCertificate(
  folder: string,
  names: string[],
  { fromDays = 0, toDays = 2 }: Days = {},
  subject = '/CN=made.test',
): Promise<Certificate> {
  mkdirSync(folder, { recursive: true });
  const at = (name: string) => path.join(folder, name);
  const [key, request, cert, config] = [at('key.pem'), at('request.pem'), at('cert.pem'), at('ca.conf')];
  // Of all commands of OpenSSL 3.0 only `ca` takes both dates, and it wants to keep books.
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('serial'), '01\n');
  writeFileSync(
    config,
    [
      '[ca]',
      'default_ca=own',
      '[own]',
      `new_certs_dir=${folder}`,
      `database=${at('index.txt')}`,
      `serial=${at('serial')}`,
      'default_md=sha256',
      'policy=any',
      'x509_extensions=names',
      '[any]',
      'commonName=supplied',
      '[names]',
      `subjectAltName=${names.join(',')}`,
      '',
    ].join('\n'),
  );
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(['req', '-new', ...curve, '-keyout', key, '-out', request, '-subj', subject]);
  const dates = ['-startdate', toStamp(fromDays), '-enddate', toStamp(toDays)];
  const own = ['-selfsign', '-keyfile', key, '-in', request, '-out', cert, '-batch', '-notext'];
  await openssl(['ca', '-config', config, ...own, ...dates]);
  return { key, cert };
}

/** As openssl takes it: 20261128220000Z. */
function toStamp(days: number): string {
  const time = new Date(Date.now() + days * 86_400_000).toISOString();
  return time.replaceAll(/[-:T]|\.\d+/g, '');
}

async function openssl(words: string[]): Promise<void> {
  const done = await runProgram('openssl', words);
  if (done.status !== 0) throw new Error(`openssl ${words.join(' ')} failed: ${done.stderr}`);
}
