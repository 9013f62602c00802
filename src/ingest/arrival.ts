/** How a report came to the door. */
export interface Arrival {
  /** Content-Encoding; undefined or `identity` for plain JSON. */
  readonly encoding?: string | undefined;
  /** X-DOTM-Sent: the agent's clock when it sent this; undefined where nobody told. */
  readonly sentHeader?: string | undefined;
  /** Unix seconds, our clock. */
  readonly receivedAt: number;
  /** Most bytes after inflating; REPORT_MAX_BYTES where absent. */
  readonly maxBytes?: number;
  /** Seconds between two reports where the report does not say; 60 where absent. */
  readonly interval?: number;
}
