/**
 * Bounds what lies in our memory of answers that nobody reads: who asks for large ones over many connections and reads none
 * must not fill it. An answer that is read is never touched, however slowly, as long as there is room.
 */
import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The bounds. */
export interface UnreadBounds {
  /** Bytes that may lie unread, all answers together. */
  readonly most: number;
  /** Milliseconds between two looks. */
  readonly every: number;
  /** Looks after which an answer of which nothing was read is given up. */
  readonly looks: number;
}

const BOUNDS: UnreadBounds = { most: 64 * 1024 * 1024, every: 1_000, looks: 60 };

/** Bytes that must be read between two looks where there is no room left. */
const LEAST = 16 * 1024;

/** An answer under way. */
interface Open {
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Of one begun later it is larger. */
  readonly number: number;
  /** Bytes unread at the last look, and how many looks found no fewer. */
  unread: number;
  still: number;
}

/** Watches the answers of one server. */
export class UnreadAnswers {
  /** Given up since the start. */
  dropped = 0;
  private readonly bounds: UnreadBounds;
  /**
   * Each in a place that is taken again. A Map is made anew every few answers, and the old one leads to the new: once one of
   * them is old, no answer since is forgotten before everything is looked through for garbage, which is so every second then.
   */
  private readonly open: (Open | undefined)[] = [];
  private readonly free: number[] = [];
  private begun = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(bounds: Partial<UnreadBounds> = {}) {
    this.bounds = { ...BOUNDS, ...bounds };
  }

  /** Begins to look. */
  start(): void {
    this.timer = setInterval(() => this.look(), this.bounds.every);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** The app, with its answers watched. */
  watched(app: RequestListener): RequestListener {
    return (request, response) => {
      const place = this.free.pop() ?? this.open.length;
      this.begun += 1;
      this.open[place] = { response, socket: request.socket, number: this.begun, unread: 0, still: 0 };
      response.once("close", () => {
        this.open[place] = undefined;
        this.free.push(place);
      });
      app(request, response);
    };
  }

  /** Gives up what nobody reads, the oldest first. */
  private look(): void {
    const oldest = this.open.filter((open) => open !== undefined).sort((a, b) => a.number - b.number);
    let all = 0;
    for (const { response } of oldest) {
      all += response.writableLength;
    }
    for (const open of oldest) {
      const { response } = open;
      const unread = response.writableLength;
      const isTooSlow = all > this.bounds.most && unread > 0 && unread > open.unread - LEAST && open.unread > 0;
      open.still = unread > 0 && unread >= open.unread ? open.still + 1 : 0;
      open.unread = unread;
      if (isTooSlow || open.still > this.bounds.looks) {
        this.dropped += 1;
        all -= unread;
        open.socket.destroy();
      }
    }
  }
}
