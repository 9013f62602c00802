/**
 * `GET /api/v1/changes`: what changes, as server-sent events. An event's id is that of the entry in `dotm::changes`, so
 * that whoever comes back with `Last-Event-ID` misses nothing; who was away too long is told to look anew (`reset`).
 */
import type { Request, Response, Router } from "express";
import { type ChangeFollower, MOST_MISSED, type StreamedChange } from "../store/change-feed.ts";
import type { MapReader } from "../store/map-reader.ts";
import { type Access, followCaller } from "./caller.ts";
import { exactRouter } from "./exact-router.ts";
import { sendProblem } from "./failures.ts";
import { askerOf } from "./take-turns.ts";

/** Streams open at once; whoever comes later polls. */
const MOST_STREAMS = 500;

/** Of one address, or of one user of a proxy; a browser has one for all its tabs. */
const MOST_OF_ONE = 250;

/** Changes told one by one in an event. */
const MOST_TOLD = 200;

/** Bytes an asker may leave unread before it is dropped: the stream waits for nobody. */
const MOST_UNREAD = 1_000_000;

/** Milliseconds between two signs of life, and looks at who follows; proxies end what is silent for a minute. */
const HEARTBEAT = 20_000;

/** Milliseconds after which a browser comes back. */
const RETRY = 5_000;

/** What the stream needs. */
export interface StreamDeps {
  readonly reader: Pick<MapReader, "revision">;
  readonly changes: ChangeFollower;
  readonly access: Access;
}

/** The route of the stream; `heartbeat` in milliseconds. */
export function changeStream(deps: StreamDeps, heartbeat = HEARTBEAT): Router {
  const router = exactRouter();
  /** Streams by who asked. */
  const open = new Map<Response, string>();
  router.get("/api/v1/changes", async (request: Request, response: Response) => {
    const asker = askerOf(request, deps.access);
    const own = [...open.values()].filter((other) => other === asker).length;
    if (open.size >= MOST_STREAMS || own >= MOST_OF_ONE) {
      response.set("Retry-After", "30");
      sendProblem(
        response,
        503,
        "Too many streams",
        `${own >= MOST_OF_ONE ? own : MOST_STREAMS} askers follow the changes already; ask for pages.`,
      );
      return;
    }
    if (request.method === "HEAD") {
      response.type("text/event-stream").end();
      return;
    }
    open.set(response, asker);
    response.on("close", () => open.delete(response));
    await serve(deps, heartbeat, request, response);
  });
  return router;
}

async function serve(
  { reader, changes, access }: StreamDeps,
  heartbeat: number,
  request: Request,
  response: Response,
): Promise<void> {
  // Where everybody may look nobody has asked yet who this is.
  const isStillThere = await followCaller(request, access);
  if (response.closed) {
    // Gone while a password was checked: nothing would ever end what begins here.
    return;
  }
  const stream = new EventStream(response);
  // Listened to before anything is asked, so that nothing falls between; what comes twice has an id already sent.
  const early: StreamedChange[] = [];
  let deliver = (news: readonly StreamedChange[]): void => {
    early.push(...news);
  };
  const end = changes.listen((news) => deliver(news));
  const beat = setInterval(async () => {
    stream.comment();
    if (!(await isStillThere().catch(() => false))) {
      // Who may look still, but otherwise, comes back at once.
      response.end();
    }
  }, heartbeat);
  response.on("close", () => {
    end();
    clearInterval(beat);
  });
  const { id: now } = await reader.revision();
  const seen = request.get("last-event-id");
  const missed = seen === undefined || seen === now ? [] : await changes.since(seen);
  stream.open();
  if (missed === undefined || missed.length > MOST_MISSED) {
    stream.event("reset", now, { revision: now });
  } else {
    stream.event("revision", seen ?? now, { revision: now });
    stream.changes(missed);
  }
  stream.changes(early);
  deliver = (news) => stream.changes(news);
}

/** Writes events to one asker, and drops it where it does not read. */
class EventStream {
  private readonly response: Response;
  private last: string | undefined;

  constructor(response: Response) {
    this.response = response;
  }

  open(): void {
    this.response.writeHead(200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    });
    this.write(`retry: ${RETRY}\n\n`);
  }

  comment(): void {
    this.write(":\n\n");
  }

  event(name: string, id: string, data: object): void {
    this.last = id;
    this.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Those of the changes that were not told yet, as one event. */
  changes(all: readonly StreamedChange[]): void {
    const last = this.last;
    const news = last === undefined ? all : all.filter(({ id }) => isAfter(id, last));
    const newest = news.at(-1)?.id;
    if (newest !== undefined) {
      const told = news.slice(0, MOST_TOLD);
      this.event("changes", newest, { revision: newest, changes: told, more: news.length - told.length });
    }
  }

  private write(text: string): void {
    if (this.response.writableLength > MOST_UNREAD) {
      this.response.destroy();
    } else if (!this.response.writableEnded) {
      this.response.write(text);
    }
  }
}

function isAfter(id: string, other: string): boolean {
  const [time, count] = numbers(id);
  const [otherTime, otherCount] = numbers(other);
  return time > otherTime || (time === otherTime && count > otherCount);
}

function numbers(id: string): [number, number] {
  const [time = "0", count = "0"] = id.split("-");
  return [Number(time), Number(count)];
}
