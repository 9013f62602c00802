/** Answers about a whole site are made in pieces: whoever asks for something else meanwhile is answered in between. */
import { Agent, get as httpGet } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { HostGraph } from "../../src/model/host-graph.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import { generatedSite, siteGraphs } from "../support/picture.ts";
import { ACCESS, depsOf, readerOf, type ServedApp, serveApp } from "../support/web.ts";

/** Milliseconds that each look at what runs on a host takes, whatever the machine. */
const LOOK = 0.3;

/** What is read of this site is at hand at once, so that nobody else's turn comes but by the pauses of who makes a page. */
const SITE = { graphs: new Map([...siteGraphs(generatedSite(500, 2))].map(([host, graph]) => [host, slow(graph)])) };

function slow({ nodes, ...rest }: HostGraph): HostGraph {
  return {
    ...rest,
    get nodes() {
      for (const end = performance.now() + LOOK; performance.now() < end; ) {}
      return nodes;
    },
  };
}

const agent = new Agent({ keepAlive: true });
let app: ServedApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

function ask(path: string): Promise<string> {
  return new Promise((answered, failed) => {
    httpGet(`${app?.url}${path}`, { agent, headers: { authorization: "Bearer of-bob" } }, (answer) => {
      let text = `${answer.statusCode} `;
      answer.on("data", (more) => {
        text += more;
      });
      answer.on("end", () => answered(text));
    }).on("error", failed);
  });
}

/** Who is answered first: who asks for a page about the site, or who asks for something small once that is being made. */
async function firstAnswered(path: string, access = ACCESS): Promise<string[]> {
  const plain = readerOf(SITE);
  const begun: (() => void)[] = [];
  const isBegun = new Promise<void>((go) => begun.push(go));
  const graphs: MapReader["graphs"] = (hosts) => {
    begun.pop()?.();
    return plain.graphs(hosts);
  };
  const reader = { ...plain, graphs };
  const history = { list: async () => [], at: async (at: number) => ({ reader, at, asOf: at, exact: true }) };
  app = await serveApp(depsOf(SITE, { reader, access, history }));
  await ask("/healthz");
  const order: string[] = [];
  const page = ask(path).then((text) => order.push(`page ${text.slice(0, 3)}`));
  await isBegun;
  const other = ask("/healthz").then((text) => order.push(`other ${text.slice(0, 3)}`));
  await Promise.all([page, other]);
  return order;
}

describe("while an answer about a whole site is made, others are answered", () => {
  it.each([
    ...["/hosts", "/health", "/services", "/map", "/map?by=host", "/report", "/api/v1/report", "/api/v1/graph"],
    ...["/api/v1/hosts/suggestions", "/api/v1/search?q=nginx", "/backend/nodes", "/backend/services"],
    ...["/history?from=-1m&to=now", "/api/v1/history/diff?from=-1m&to=now"],
    // On a busy machine the kernel may hand over the second question only when the first is answered.
  ])("%s", { retry: 2 }, async (path) => {
    expect(await firstAnswered(path)).toEqual(["other 200", "page 200"]);
  });

  it("also to who sees some hosts by name only", async () => {
    const roleOfToken = () => ({ role: "viewer", name: "bob" }) as const;
    const restrictions = [{ who: ["bob"], hostGroups: ["web-servers"] }];
    const access = { ...ACCESS, read: "known" as const, roleOfToken, restrictions };
    expect(await firstAnswered("/api/v1/services?limit=1000", access)).toEqual(["other 200", "page 200"]);
  });
});
