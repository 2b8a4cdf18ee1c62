import { createSocket } from 'node:dgram';
import type { DiagnosisStage } from './stage.ts';

/** This machine's address on the way to the node, where the node's programs reach what a test serves. */
export async function findNodeFacingAddress(stage: DiagnosisStage): Promise<string> {
  const path = 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  const node = await stage.cluster(['get', 'nodes', '-l', '!ws.test/made', '-o', path]);
  const socket = createSocket('udp4');
  try {
    // Sends nothing: it only asks for the route.
    await new Promise<void>((resolve) => socket.connect(9, node, resolve));
    return socket.address().address;
  } finally {
    socket.close();
  }
}
