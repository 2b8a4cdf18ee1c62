/** Files of ssh2 that `ssh2-privates.ts` imports by themselves; its types describe the whole package alone. */

declare module 'ssh2/lib/client.js' {
  export { Client as default } from 'ssh2';
}

declare module 'ssh2/lib/agent.js' {
  export { BaseAgent, createAgent } from 'ssh2';
}

declare module 'ssh2/lib/protocol/keyParser.js' {
  import { utils } from 'ssh2';

  const parser: Pick<typeof utils, 'parseKey'>;
  export default parser;
}
