import type { Channel } from 'ssh2';

/**
 * Sees to it that nothing follows the channel's close (RFC 4254 §5.3). ssh2 goes on to enlarge the window of one that it has
 * closed, while the rest of its data comes in; Dropbear ends the whole connection over that ("Unknown channel"), and everybody's
 * commands and forwards with it.
 */
export function closeForGood(channel: Channel): void {
  const close = channel.close.bind(channel);
  const { incoming } = channel as unknown as { incoming: { window: number } };
  channel.close = () => {
    close();
    // ssh2 enlarges a window by what it lacks.
    incoming.window = Number.POSITIVE_INFINITY;
  };
}
