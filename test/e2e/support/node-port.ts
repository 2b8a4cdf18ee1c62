import { connect } from 'node:net';
import { eventually } from '../operator/release.ts';

/** Waits until the server greets there: the node hears of a port a moment after the API server does. */
export async function waitForGreeting(door: { host: string; port: number }): Promise<void> {
  await eventually(
    () => greets(door),
    (answer) => answer,
  );
}

function greets(door: { host: string; port: number }): Promise<boolean> {
  const socket = connect(door);
  return new Promise<boolean>((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('end', () => resolve(false));
  }).finally(() => socket.destroy());
}
