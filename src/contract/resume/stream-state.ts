/** The life of a resumable stream as a table, at either end: what may follow what, and nothing else. */

/** `opening`: no welcome yet. `carried`: by a carrier. `lost`: without one, and kept. `over`: nothing is kept. */
export type StreamState = 'opening' | 'carried' | 'lost' | 'over';

export type StreamEvent =
  /** The supervisor said welcome, for the first time or again. A new carrier replaces one that seemed to stand. */
  | 'welcomed'
  | 'carrier-lost'
  /** The supervisor does not know the token, or has no room. */
  | 'refused'
  /** Both sides have said all, or one of them wants no more. */
  | 'closed'
  /** It was lost for longer than it is kept. */
  | 'expired';

const TABLE: Record<StreamState, Partial<Record<StreamEvent, StreamState>>> = {
  opening: { welcomed: 'carried', 'carrier-lost': 'over', refused: 'over', closed: 'over' },
  carried: { welcomed: 'carried', 'carrier-lost': 'lost', closed: 'over' },
  lost: { welcomed: 'carried', refused: 'over', closed: 'over', expired: 'over' },
  over: {},
};

/** The state after an event; an event that means nothing in a state leaves it as it is. */
export function follow(state: StreamState, event: StreamEvent): StreamState {
  return TABLE[state][event] ?? state;
}
