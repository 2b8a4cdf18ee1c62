// The registry of the tests, in a pod on the node's network: what it answers is chosen by the first part of the name.
// Usage: node registry-program.js PORT FOLDER (with manifest.json and config.json of the workspace's image)
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const [port, folder] = process.argv.slice(2);
const digest = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const toBytes = (value) => Buffer.from(JSON.stringify(value));
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const blobs = new Map();
const keep = (bytes) => {
  blobs.set(digest(bytes), bytes);
  return { digest: digest(bytes), size: bytes.length };
};

const real = readFileSync(path.join(folder, 'manifest.json'));
const realConfig = readFileSync(path.join(folder, 'config.json'));
keep(realConfig);

/** The workspace's image as another one: who pulls one image under two names at once may lose the first. */
const renamed = new Map();
const rename = (name) => {
  const known = renamed.get(name);
  if (known !== undefined) return known;
  const config = JSON.parse(realConfig.toString());
  config.config = { ...config.config, Labels: { ...config.config?.Labels, 'ws.test/made': name } };
  const manifest = JSON.parse(real.toString());
  manifest.config = { ...manifest.config, ...keep(toBytes(config)) };
  const bytes = toBytes(manifest);
  keep(bytes);
  renamed.set(name, bytes);
  return bytes;
};

// An image with one empty layer: 1024 bytes of nothing are a tar.
const layer = Buffer.alloc(1024);
const config = toBytes({
  architecture: process.arch === 'x64' ? 'amd64' : 'arm64',
  os: 'linux',
  config: {},
  rootfs: { type: 'layers', diff_ids: [digest(layer)] },
});
const tiny = toBytes({
  schemaVersion: 2,
  mediaType: MANIFEST,
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...keep(config) },
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...keep(layer) }],
});
const other = toBytes({
  schemaVersion: 2,
  mediaType: INDEX,
  manifests: [{ mediaType: MANIFEST, ...keep(tiny), platform: { os: 'linux', architecture: 's390x' } }],
});

const refuse = (response, status, code, headers = {}) =>
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ errors: [{ code, message: code }] }));
const give = (request, response, type, bytes) => {
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    'docker-content-digest': digest(bytes),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
};

createServer((request, response) => {
  const [url] = (request.url ?? '').split('?');
  if (url === '/token') return refuse(response, 403, 'DENIED');
  const [, name = '', kind, reference] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url) ?? [];
  if (kind === undefined) return response.writeHead(200).end('{}');
  const [how, amount] = name.split('/')[0].split('-');
  const typeOf = (bytes) => (bytes === other ? INDEX : JSON.parse(bytes.toString()).mediaType);
  if (kind === 'blobs' && blobs.has(reference)) {
    const bytes = blobs.get(reference);
    if (how !== 'slow') return give(request, response, 'application/octet-stream', bytes);
    // It answers, and its bytes are slow to come: no runtime waits half a minute for an answer.
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
    response.write(bytes.subarray(0, 1));
    return setTimeout(() => response.end(bytes.subarray(1)), Number(amount) * 1000);
  }
  if (how === 'basic') return refuse(response, 401, 'UNAUTHORIZED', { 'www-authenticate': 'Basic realm="made"' });
  if (how === 'token')
    return refuse(response, 401, 'UNAUTHORIZED', {
      'www-authenticate': `Bearer realm="http://127.0.0.1:${port}/token",service="made"`,
    });
  if (how === 'denied') return refuse(response, 403, 'DENIED');
  if (how === 'busy') return refuse(response, 429, 'TOOMANYREQUESTS');
  if (how === 'broken') return refuse(response, Number(amount), 'UNKNOWN');
  const manifest = { tiny, other, slow: how === 'slow' ? rename(name) : real, real }[how];
  if (manifest === undefined || reference === 'gone') return refuse(response, 404, 'MANIFEST_UNKNOWN');
  const asked = [tiny, real, ...renamed.values()].find((bytes) => digest(bytes) === reference) ?? manifest;
  return give(request, response, typeOf(asked), asked);
}).listen(Number(port), '127.0.0.1');
