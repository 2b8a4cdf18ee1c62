import { Text as InkText, type TextProps } from 'ink';
import { Children } from 'react';
import { toPrintable } from '../workspace/errors/printable.ts';
import { maskSecrets } from '../workspace/errors/secrets.ts';
import { toSigns } from './signs.ts';

/** Ink's text, which would let colours and links of others through. All that is drawn here is drawn by this. */
export function Text({ children, ...props }: TextProps) {
  return (
    <InkText {...props}>
      {Children.map(children, (child) =>
        typeof child === 'string' ? toPrintable(toSigns(maskSecrets(child))) : child,
      )}
    </InkText>
  );
}
