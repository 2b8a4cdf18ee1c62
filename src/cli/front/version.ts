declare const WS_APP_VERSION: string;

/** What runs, as `ws version --json` says it. */
export interface Version {
  version: string;
  platform: string;
  node: string;
}

export function getVersion(): Version {
  return { version: WS_APP_VERSION, platform: `${process.platform}-${process.arch}`, node: process.version };
}

export function formatVersion(): string {
  const { version, platform, node } = getVersion();
  return `ws-workspace/${version} ${platform} node-${node}\n`;
}
