import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import type { ReactNode } from 'react';
import { eraseLines } from '../leaving.ts';
import { Text } from '../text.tsx';

/** What `ws` draws on. */
export type Screen = Writable & { columns?: number; rows?: number };

/**
 * Draws again after the window has changed its size. A narrower one breaks the lines that stand there, and Ink erases
 * only as many as it wrote: what is above them would stay. Returns how to stop.
 */
export function followSize(stream: Screen, picture: (columns: number) => ReactNode, draw: () => void): () => void {
  let columns = stream.columns ?? 0;
  const erase = () => {
    const before = columns;
    columns = stream.columns ?? 0;
    if (columns > 0 && columns < before) eraseLines(stream, countBroken(picture(before), before, columns));
  };
  // Ink listens as well, and what it draws must find the lines gone.
  stream.prependListener('resize', erase);
  stream.on('resize', draw);
  return () => {
    stream.off('resize', erase);
    stream.off('resize', draw);
  };
}

/** How many lines more the picture takes in the narrower window. */
export function countBroken(picture: ReactNode, before: number, columns: number): number {
  const drawn = stripVTControlCharacters(renderToString(picture, { columns: before }));
  const broken = renderToString(<Text wrap="hard">{drawn}</Text>, { columns });
  return broken.split('\n').length - drawn.split('\n').length;
}
