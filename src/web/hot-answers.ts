/**
 * Keeps pictures, JSON and pages that many ask for again and again, and answers them before the app sees the request. An
 * answer is kept until something changes, and never longer than a second.
 */
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from "node:http";
import { LRUCache } from "lru-cache";
import type { ChangeFollower } from "../store/change-feed.ts";

/** Milliseconds an answer is kept: for what changes without an entry in the stream of changes, as ages do. */
const LONGEST = 1_000;

const MOST_ANSWERS = 500;
const MOST_BYTES = 32_000_000;

/** What is asked for often or costs much, and nothing that is counted for each asker. */
const HOT = /\/(?:|image|popup|graph|map|services|geo|health|embed\/\w+|api\/v1\/[\w/%.!-]+)(?:\?|$)/;
/** In any letters: whatever took them for a stream, who asked after another would wait for its end. */
const NEVER = /\/api\/v1\/(?:changes|openapi|what-if|causes|path|search|report|graph|grafana|rules)|[?&;]whatif=/i;

/** Headers that decide nothing about an answer; requests that differ in any other are not the same. */
const INDIFFERENT: ReadonlySet<string> = new Set([
  ...["accept", "accept-encoding", "accept-language", "cache-control", "connection", "if-none-match", "pragma"],
  ...["priority", "referer", "user-agent", "upgrade-insecure-requests"],
]);

interface Kept {
  readonly tag: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** The app behind a memory of its hot answers. */
export function hotAnswers(app: RequestListener, changes: Pick<ChangeFollower, "listen">): RequestListener {
  const kept = new LRUCache<string, Kept>({
    max: MOST_ANSWERS,
    maxSize: MOST_BYTES,
    sizeCalculation: ({ body }) => body.length + 1_000,
    ttl: LONGEST,
  });
  let revision = 0;
  changes.listen(() => {
    revision += 1;
    kept.clear();
  });
  /** Who asks for what is just being answered to somebody else: one answer is worked out for all of them. */
  const queues = new Map<string, Waiting[]>();
  const release = (key: string, known?: Kept): void => {
    const queue = queues.get(key) ?? [];
    queues.delete(key);
    for (const { request, response } of queue) {
      known === undefined ? app(request, response) : send(request, response, known);
    }
  };
  return (request, response) => {
    const key = keyOf(request);
    const known = key === undefined ? undefined : kept.get(key);
    if (key === undefined) {
      app(request, response);
    } else if (known !== undefined) {
      send(request, response, known);
    } else if (queues.has(key)) {
      queues.get(key)?.push({ request, response });
    } else {
      queues.set(key, []);
      const asked = revision;
      // What was read before a change may be from before it.
      record(response, (answer) => {
        const isNew = asked === revision;
        if (isNew && isKept(request)) {
          kept.set(key, answer);
        }
        release(key, isNew ? answer : undefined);
      });
      response.once("close", () => release(key));
      app(request, response);
    }
  };
}

interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Who brings a secret of their own is answered together with who brings the same at that moment, and anew the next time. */
function isKept({ headers }: IncomingMessage): boolean {
  return headers.authorization === undefined && headers.cookie === undefined;
}

/** Equal for requests that get the same answer; undefined for what is not kept. */
function keyOf({ method, url = "", httpVersion, socket, rawHeaders }: IncomingMessage): string | undefined {
  const isHot = method === "GET" && HOT.test(url) && !NEVER.test(url);
  if (!isHot) {
    return undefined;
  }
  // Proxies on this machine are told from its own people by the version, too.
  let key = `${socket.remoteAddress} ${httpVersion} ${url}`;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? "";
    if (!INDIFFERENT.has(name)) {
      key += `\n${name}:${rawHeaders[i + 1]}`;
    }
  }
  return key;
}

function send(request: IncomingMessage, response: ServerResponse, { tag, headers, body }: Kept): void {
  if (request.headers["if-none-match"] === tag) {
    const { "content-length": _length, "content-type": _type, ...others } = headers;
    response.writeHead(304, others).end();
  } else {
    response.writeHead(200, headers).end(body);
  }
}

/** Calls back with a whole answer that carries a tag, when it is sent in one piece. */
function record(response: ServerResponse, done: (answer: Kept) => void): void {
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse;
  response.end = ((...given: unknown[]) => {
    const [body, encoding] = given;
    const tag = response.getHeader("etag");
    const isWhole = !response.headersSent && (typeof body === "string" || Buffer.isBuffer(body));
    if (isWhole && response.statusCode === 200 && typeof tag === "string") {
      const bytes = typeof body === "string" ? Buffer.from(body, encoding === "latin1" ? "latin1" : "utf8") : body;
      done({ tag, headers: { ...response.getHeaders(), "content-length": bytes.length }, body: bytes });
    }
    return end(...given);
  }) as ServerResponse["end"];
}
