/** A web server of a test's own that answers as the CGIs of a monitoring do, or as badly as a test wants. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request; `program` is the last part of the path. */
export type CgiAnswer = (
  program: string,
  query: URLSearchParams,
  response: ServerResponse,
  request: IncomingMessage,
) => void;

/** A running server. */
export interface CgiServer {
  /** Folder of the CGIs. */
  readonly url: string;
  /** What was asked, `PROGRAM?QUERY`. */
  readonly asked: string[];
  answer: CgiAnswer;
  /** Resolves at the next request. */
  nextRequest(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one on a free port of loopback. */
export async function startCgiServer(first: CgiAnswer): Promise<CgiServer> {
  const waiting: (() => void)[] = [];
  const http: Server = createServer((request, response) => {
    const { pathname, search, searchParams } = new URL(request.url ?? "/", "http://x");
    const program = pathname.slice(pathname.lastIndexOf("/") + 1);
    server.asked.push(`${program}${search}`);
    for (const wake of waiting.splice(0)) {
      wake();
    }
    server.answer(program, searchParams, response, request);
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  const server: CgiServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/cgi-bin`,
    asked: [],
    answer: first,
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    stop: () => {
      http.closeAllConnections();
      return new Promise((resolve) => {
        http.close(() => resolve());
      });
    },
  };
  return server;
}

/** Answers with these lists of `statusjson.cgi` and `objectjson.cgi`, empty ones where nothing is given. */
export function nagiosAnswer(lists: Readonly<Record<string, object>>, asOf: () => number, programStart = 1): CgiAnswer {
  return (program, query, response) => {
    const list = query.get("query") ?? "";
    const times = { last_data_update: asOf() * 1000, program_start: programStart * 1000 };
    const data = { [list]: lists[program === "objectjson.cgi" ? `objects.${list}` : list] ?? {} };
    response.setHeader("Content-Type", "application/json; charset=utf-8");
    response.end(JSON.stringify({ result: { ...times, type_code: 0 }, data }));
  };
}
