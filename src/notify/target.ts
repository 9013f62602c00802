/** Something that takes what DOTM has to say. */

/** One thing to send. */
export interface Parcel<T> {
  /** A later parcel of the same key takes the place of one that still waits. */
  readonly key: string;
  readonly content: T;
  /** Unix seconds. */
  readonly at: number;
}

/** What became of what was sent at once. */
export interface Sent {
  /** Parcels that the target will never take, with the reason of one of them. */
  readonly refused: number;
  readonly reason?: string;
}

/** Where it goes. */
export interface Target<T> {
  readonly name: string;
  /** Parcels sent at once. */
  readonly atOnce: number;
  /** Sends; rejects where the target cannot be reached, so that it is tried again. `signal` ends waiting. */
  send(contents: readonly T[], signal: AbortSignal): Promise<Sent>;
}
