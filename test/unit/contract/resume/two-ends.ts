/** Two ends of a resumable stream and what carries it, which delivers as much as it is told to, and can be cut. */
import { ResumableLink } from '../../../../src/contract/resume/resumable-link.ts';

export class End {
  readonly link: ResumableLink;
  /** What arrived here. */
  got = Buffer.alloc(0);
  hasEnded = false;
  isClosed = false;
  /** What is on its way from here. */
  wire = Buffer.alloc(0);
  readonly #later: (() => void)[] = [];
  /** Whether what arrives is used at once. */
  isHungry = true;
  #unusedBytes = 0;

  constructor() {
    this.link = new ResumableLink({
      deliver: (payload) => {
        this.got = Buffer.concat([this.got, payload]);
        this.#unusedBytes += payload.length;
        if (this.isHungry) this.use();
      },
      ended: () => {
        this.hasEnded = true;
      },
      acknowledged: () => undefined,
      closed: () => {
        this.isClosed = true;
      },
      later: (act) => this.#later.push(act),
    });
  }

  use(): void {
    const bytes = this.#unusedBytes;
    this.#unusedBytes = 0;
    this.link.consume(bytes);
  }

  /** A moment has passed. */
  pass(): void {
    for (const act of this.#later.splice(0)) act();
  }

  carry(peerReceived: number): void {
    this.wire = Buffer.alloc(0);
    this.link.carry((parts) => {
      this.wire = Buffer.concat([this.wire, ...parts]);
    }, peerReceived);
  }
}

export class Pair {
  readonly near = new End();
  readonly far = new End();

  /** A new carrier: each end says where it is. */
  connect(): void {
    const [near, far] = [this.near.link.received, this.far.link.received];
    this.near.carry(far);
    this.far.carry(near);
  }

  /** The carrier is gone, and what was on its way with it. */
  cut(): void {
    for (const end of [this.near, this.far]) {
      end.link.lose();
      end.wire = Buffer.alloc(0);
    }
  }

  /** So many bytes arrive of what is on its way from an end. */
  move(from: End, bytes: number): void {
    const to = from === this.near ? this.far : this.near;
    const piece = from.wire.subarray(0, bytes);
    from.wire = from.wire.subarray(bytes);
    to.link.push(Buffer.from(piece));
  }

  /** Until nothing is on its way any more. */
  settle(): void {
    for (let round = 0; round < 1000; round += 1) {
      this.near.pass();
      this.far.pass();
      if (this.near.wire.length + this.far.wire.length === 0) return;
      this.move(this.near, this.near.wire.length);
      this.move(this.far, this.far.wire.length);
    }
    throw new Error('the two ends do not come to rest');
  }
}
