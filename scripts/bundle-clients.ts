/** What `ws` leaves out of the packages that speak SSH and WebSocket: parts it never calls, at twice the size of those it does. */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { patch } from './bundle-patches.ts';
import { standIn } from './bundle-stand-ins.ts';

/** Stands for a module until one of its functions is called. */
function calledLater(module: string, functions: string[]): string {
  const wrappers = functions.map((name) => `exports.${name} = (...values) => require('${module}').${name}(...values);`);
  return wrappers.join('\n');
}

/** A client: neither the server, nor the key generator. */
const SSH2_CLIENT_ALONE = standIn(
  'ssh2',
  [
    "const { BaseAgent, createAgent } = require('ssh2/lib/agent.js');",
    "const { parseKey } = require('ssh2/lib/protocol/keyParser.js');",
    "module.exports = { Client: require('ssh2/lib/client.js'), BaseAgent, createAgent, utils: { parseKey } };",
  ].join('\n'),
);

/** Neither SFTP nor compression, as `algorithms.ts` says. */
const SSH2_PLAIN_PACKETS: Plugin = {
  name: 'ssh2-plain-packets',
  setup(builder) {
    // Its class is looked at when a channel is opened, and never made.
    builder.onLoad({ filter: /ssh2[\\/]lib[\\/]protocol[\\/]SFTP\.js$/ }, () => ({
      contents: 'exports.SFTP = class {};',
    }));
    builder.onLoad({ filter: /ssh2[\\/]lib[\\/]protocol[\\/]zlib\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const classes = ['PacketWriter', 'PacketReader'].map((name) => source.match(`\nclass ${name} {[^]*?\n}\n`)?.[0]);
      if (classes.includes(undefined)) throw new Error('ssh2 has other packets now: look at SSH2_PLAIN_PACKETS');
      return { contents: `${classes.join('')}module.exports = { PacketWriter, PacketReader };` };
    });
  },
};

/**
 * Which ciphers Node has ssh2 finds out at each start: it signs by ed25519, which every Node that `ws` runs on knows; it asks a
 * native package for the order of ciphers, which `algorithms.ts` gives; and it looks for its own native part, which no bundle has.
 */
const SSH2_TRUSTS_NODE = [
  patch('ssh2-trusts-node', {
    filter: /ssh2[\\/]lib[\\/]protocol[\\/]constants\.js$/,
    changes: [
      [/const eddsaSupported = \(\(\) => {[^]*?\n}\)\(\);/, 'const eddsaSupported = true;'],
      ["cpuInfo = require('cpu-features')();", ''],
    ],
  }),
  patch('ssh2-has-no-native-part', {
    filter: /ssh2[\\/]lib[\\/]protocol[\\/]crypto\.js$/,
    changes: [["binding = require('./crypto/build/Release/sshcrypto.node');", 'throw undefined;']],
  }),
];

/** For encrypted keys, agents on Windows, hosts by name, and what is wrong. */
const SSH2_LOADS_LATER: Plugin = {
  name: 'ssh2-loads-later',
  setup(builder) {
    const later: Record<string, string> = {
      'bcrypt-pbkdf': calledLater('bcrypt-pbkdf', ['pbkdf']),
      child_process: calledLater('node:child_process', ['execFile', 'spawn']),
      dns: calledLater('node:dns', ['lookup']),
      assert: [
        "exports.ok = (value) => value || require('node:assert').ok(value);",
        "exports.equal = (one, other) => one == other || require('node:assert').equal(one, other);",
      ].join('\n'),
    };
    builder.onResolve(
      { filter: /^(?:bcrypt-pbkdf|child_process|dns|assert)$/ },
      ({ path: name, importer, resolveDir }) =>
        /(?:ssh2|asn1)[\\/]lib[\\/]/.test(importer)
          ? { path: name, namespace: 'ssh2-later', pluginData: resolveDir }
          : undefined,
    );
    builder.onLoad({ filter: /.*/, namespace: 'ssh2-later' }, ({ path: name, pluginData }) => ({
      resolveDir: pluginData as string,
      contents: later[name] ?? '',
    }));
  },
};

/** A client here too, and one that never compresses (`pod-stream.ts`). */
const WS_CLIENT_ALONE: Plugin = {
  name: 'ws-client-alone',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]ws[\\/]wrapper\.mjs$/ }, () => ({
      contents: "export { default } from './lib/websocket.js';",
    }));
    builder.onLoad({ filter: /[\\/]ws[\\/]lib[\\/]permessage-deflate\.js$/ }, () => ({
      contents: "module.exports = class { static extensionName = 'permessage-deflate'; };",
    }));
  },
};

export const CLIENT_PLUGINS: Plugin[] = [
  SSH2_CLIENT_ALONE,
  SSH2_PLAIN_PACKETS,
  ...SSH2_TRUSTS_NODE,
  SSH2_LOADS_LATER,
  WS_CLIENT_ALONE,
];
