import { afterEach, describe, expect, it } from "vitest";
import { DotmError } from "../../src/errors.ts";
import type { HostNotes } from "../../src/model/host-notes.ts";
import type { Impact } from "../../src/model/impact.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import type { AddressedPush, AppDeps } from "../../src/web/app-deps.ts";
import { generatedSite, NOW, type Site, shop, siteGraphs, siteImpact } from "../support/picture.ts";
import {
  depsOf,
  type Extra,
  readerOf,
  type ServedApp,
  SOURCE,
  type StoredSite,
  serveApp,
  storedShop,
} from "../support/web.ts";

let app: ServedApp | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function get(path: string, options: { site?: StoredSite; deps?: Extra; init?: RequestInit } = {}) {
  app ??= await serveApp(depsOf(options.site ?? storedShop(), options.deps));
  const response = await fetch(app.url + path, { redirect: "manual", ...options.init });
  return { response, text: await response.text() };
}

/** Texts as a reader sees them. */
function visible(html: string): string {
  return html
    .replaceAll(/<(script|style|svg)[\s\S]*?<\/\1>/g, " ")
    .replaceAll(/<\/(?:td|th|tr|li|p|h1|h2)>/g, " ")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&#x27;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/g, " ");
}

const away: MapReader = new Proxy(readerOf({ graphs: new Map() }), {
  get: () => () =>
    Promise.reject(
      new DotmError(
        "DOTM_STORE_UNREACHABLE",
        "Redis at 127.0.0.1:6379 refused (ECONNREFUSED).",
        "Start it: systemctl start redis-server",
      ),
    ),
});

describe("/graph", () => {
  it("says what is broken, what else is hit, what explains it and how fresh that is, without script", async () => {
    const { response, text } = await get("/graph?host=db01&srv=MySQL");
    const page = visible(text);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page).toContain("db01 / MySQL is CRITICAL for 14 min; at least 7 services on 6 hosts may be affected");
    expect(page).toContain("What it explains: app01 / Tomcat, web01 / HTTP");
    expect(page).toMatch(/nagios 4 s ago\s*agents \d+\/\d+ fresh/);
    expect(text).toContain("<svg ");
    expect(text).toContain('<noscript><meta http-equiv="refresh" content="30"></noscript>');
  });

  it("lists the rows of the picture in its order, with hops, certainty and path, then what is farther away", async () => {
    const { text } = await get("/graph?host=db01&srv=MySQL");
    const rows = [...text.matchAll(/<th scope="row">([^<]*)<\/th>\s*<td><a href="[^"]*">([^<]*)</g)].map(
      ([, service, host]) => `${host} ${service}`,
    );
    expect(rows.slice(0, 3)).toEqual(["db01 :3306 mysqld", "app01 :8080 java", "app02 :8080 java"]);
    expect(rows.slice(-3)).toEqual(["lb01 :443 haproxy", "lb01 :80 haproxy", "Internet clients"]);
    const svg = text.slice(text.indexOf("<svg"), text.indexOf("</svg>"));
    const drawn = [...svg.matchAll(/aria-label="(?!host |Legend)(\S+ \S+(?: [a-z-]+)?),/g)].map(([, label]) => label);
    expect(rows.slice(0, 4)).toEqual(drawn.slice(0, 4));
    expect(text).toContain("web01:80 → web01/nginx → web01/php-fpm → app01:8080 → app01/java → db01:3306");
  });

  it("takes raw macros of Nagios, aliases of parameters and the wrong letter case", async () => {
    for (const query of [
      "host=DB01&srv=mysql",
      "hostname=db01&service=MySQL",
      "host=db01&amp;srv=MySQL",
      "host=db01&srv=MyS",
    ]) {
      const { text } = await get(`/graph?${query}`);
      expect(visible(text), query).toContain("db01 / MySQL is CRITICAL");
    }
  });

  it("asks did you mean with status 200 where host or check are not known", async () => {
    const host = await get("/graph?host=db9&theme=dark");
    expect(host.response.status).toBe(200);
    expect(visible(host.text)).toContain("No host is called “db9”. Did you mean: db01 db02");
    expect(host.text).toContain('href="./graph?host&#x3D;db01&amp;theme&#x3D;dark"');
    const check = await get("/graph?host=db01&srv=Postgres");
    expect(visible(check.text)).toContain("Host db01 has no service check called “Postgres”. Did you mean: MySQL");
  });

  it.each(["db01:3306", "db01/MySQL", "db01 MySQL"])(
    "offers the host of %s, and to look for it among services",
    async (asked) => {
      const { text } = await get(`/graph?host=${encodeURIComponent(asked)}`);
      expect(visible(text)).toContain(`No host is called “${asked}”. Did you mean: db01 `);
      expect(text.replaceAll("&#x3D;", "=")).toContain(`href="./services?q=${encodeURIComponent(asked)}"`);
    },
  );

  it("says of which assumptions nothing follows, as nothing is known of them or they are none", async () => {
    const { text } = await get("/graph?host=db01&whatif=down:nope&whatif=down:db01:99&whatif=explode:db01");
    expect(visible(text)).toContain("Nothing is known of “nope”, so nothing follows from it.");
    expect(visible(text)).toContain("Nothing is known of “db01:99”, so nothing follows from it.");
    expect(visible(text)).toContain("“explode:db01” is not understood");
    expect(visible((await get("/graph?host=db01&whatif=down:db01:3306")).text)).not.toContain("nothing follows");
  });

  it("answers what-if where nothing is broken, and says that it is one", async () => {
    const { text } = await get("/graph?host=mq01&srv=RabbitMQ");
    expect(visible(text)).toContain("mq01 / RabbitMQ is OK; its failure would affect");
    expect(visible(text)).toContain("What if");
    const down = await get("/graph?host=cache01&whatif=down:cache01:6379");
    expect(visible(down.text)).toContain("would affect");
  });

  it("draws as many hops as asked for", async () => {
    const near = await get("/graph?host=db01&srv=MySQL&dependents=1&dependencies=0");
    expect(near.text).not.toContain('aria-label="web01');
    const far = await get("/graph?host=db01&srv=MySQL&down=6");
    expect(far.text).toContain('aria-label="lb01');
  });

  it("leads to the overview without a host", async () => {
    const { response } = await get("/graph");
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe("./");
  });

  it("names the reason and the next command where there is nothing to draw", async () => {
    const { text } = await get("/graph?host=sw01", {
      site: { graphs: siteGraphs({ hosts: { sw01: { agent: "none" } }, needs: [] }) },
    });
    expect(visible(text)).toContain(
      "No service and no connection of sw01 is known. Run dotm-agent on it; it needs a token: dotm agent token sw01",
    );
  });
});

describe("/", () => {
  it("ranks open problems by what they take with them", async () => {
    const { text } = await get("/");
    const page = visible(text);
    expect(page).toContain("db01 / MySQL is CRITICAL for 14 min");
    expect(page).toMatch(/≥ 7 \+4 db01 MySQL CRITICAL 14 min ago root problem/);
    expect(page).toMatch(/app01 Tomcat CRITICAL 1[23] min ago explained by db01 \/ MySQL/);
    expect(text).toContain("<svg ");
  });

  it("says that nothing is broken", async () => {
    const { text } = await get("/", { site: { graphs: shop().graphs } });
    expect(visible(text)).toContain("No open problems. 31 checks on 13 hosts.");
  });

  it.each<[string, StoredSite, string]>([
    [
      "no source and no agent",
      { graphs: new Map(), sources: [] },
      "no monitoring source is configured and no agent has reported. Let DOTM look for the Nagios or Icinga of this machine and write a first configuration, then start anew: dotm init",
    ],
    [
      "a source that cannot be read",
      { graphs: new Map(), sources: [{ ...SOURCE, asOf: 0, ok: false, error: "cannot read status.dat (EACCES)" }] },
      "source nagios: cannot read status.dat (EACCES). See what is wrong with the source, and its fix: dotm doctor",
    ],
    [
      "no agent",
      { graphs: siteGraphs({ hosts: { db01: { agent: "none" } }, needs: [] }) },
      "States are known, connections are not: no agent has reported. Run dotm-agent on a host, best on one that others depend on; it needs a token: dotm agent token HOST",
    ],
    [
      "nothing mapped",
      { graphs: siteGraphs({ hosts: { db01: { services: ["3306 mysqld"] } }, needs: [] }) },
      'No check is mapped to a service, so the picture shows no states. See which rule a check would match, and why not the others: dotm map test "CHECK NAME" HOST',
    ],
  ])("names the reason and the next command: %s", async (_, site, words) => {
    const { response, text } = await get("/", { site });
    expect(response.status).toBe(200);
    expect(visible(text)).toContain(words);
  });

  it("is loud where the engine has fallen silent, and tells stale sources", async () => {
    const site = { ...storedShop(), revision: { id: "1-0", at: NOW - 720 }, sources: [{ ...SOURCE, asOf: NOW - 400 }] };
    const page = visible((await get("/", { site })).text);
    expect(page).toContain("This picture is old: the engine last gave a sign of life 12 min ago.");
    expect(page).toContain("nagios 6 min ago, stale");
  });

  it("draws a large site by its problems", async () => {
    const graphs = siteGraphs(generatedSite(400, 2));
    const [broken] = [...graphs.values()]
      .flatMap(({ nodes }) => nodes)
      .filter(({ ownState }) => ownState === "CRITICAL");
    const id = broken?.id ?? "";
    const impact = siteImpact(graphs, { host: id.split(":")[0] ?? "", check: "DB" }, [id]);
    const { text } = await get("/", { site: { graphs, impacts: [impact] } });
    expect(text.length).toBeLessThan(400_000);
    expect(text).toContain("CRITICAL");
  });
});

describe("/host/<name>", () => {
  it("shows alerts with the service they speak of in the second column, services and connections", async () => {
    const { text } = await get("/host/db01");
    const page = visible(text);
    expect(page).toContain("MySQL db01:3306 mysqld CRITICAL");
    expect(page).toMatch(/db01:3306 is needed by app01\/java 24 seen by both ends 12 s ago/);
    expect(text).toContain('href="../graph?host&#x3D;db01&amp;srv&#x3D;MySQL"');
    expect(text).toContain('href="../assets/');
  });

  it("lists five hundred of more services, those with a problem first, and says how many more there are", async () => {
    const services = Array.from({ length: 700 }, (_, n) => `${1_000 + n} worker`);
    const site: Site = {
      hosts: { crowded: { services } },
      needs: [],
      states: { "crowded:1699": { state: "CRITICAL", checks: ["Last"] } },
    };
    const { text } = await get("/host/crowded", { site: { graphs: siteGraphs(site) } });
    expect(text.match(/<th scope="row">:1\d+ worker/g)).toHaveLength(500);
    expect(visible(text)).toContain(":1699 worker CRITICAL");
    expect(visible(text)).toContain("200 more.");
  });

  it("shows comments and downtimes, and those of the problem behind a link from Nagios", async () => {
    const comment = {
      ...({ host: "db01", id: "7", origin: "acknowledgement", author: "ops" } as const),
      ...{ entered: NOW - 60, expires: 0, persistent: true },
    };
    const notes: HostNotes = {
      ...{ host: "db01", alias: "", address: "", actionUrl: "", variables: [], checks: [] },
      comments: [
        { ...comment, check: "MySQL", text: "ticket <4711>" },
        { ...comment, check: "Disk /", text: "will be enlarged" },
      ],
      downtimes: [
        {
          ...{ host: "db01", check: null, id: "2", author: "ops", text: "new disks", entered: NOW - 600 },
          ...{ start: NOW - 300, end: NOW + 3300, fixed: true, duration: 3600, inEffect: true },
        },
      ],
    };
    const site = { ...storedShop(), notes: new Map([["db01", notes]]) };
    const host = visible((await get("/host/db01", { site })).text);
    expect(host).toContain("MySQL acknowledgement ops ticket &lt;4711&gt; entered 1 min ago");
    expect(host).toContain("Disk / acknowledgement ops will be enlarged");
    expect(host).toContain("the host downtime, in effect ops new disks");
    const problem = visible((await get("/graph?host=db01&srv=MySQL")).text);
    expect(problem).toContain("ticket &lt;4711&gt;");
    expect(problem).toContain("new disks");
    expect(problem).not.toContain("will be enlarged");
  });

  it("asks did you mean, whatever the name", async () => {
    expect(visible((await get("/host/db0")).text)).toContain("Did you mean: db01 db02");
    expect((await get("/host/%FC%00%zz")).response.status).toBe(200);
  });

  it("is where /node/<name> leads", async () => {
    const { response } = await get("/node/db01");
    expect([response.status, response.headers.get("location")]).toEqual([301, "../host/db01"]);
  });
});

describe("/image and /popup", () => {
  it("draw the problem for any page, with the verdict and how fresh it is", async () => {
    const { response, text } = await get("/image?host=db01&srv=MySQL");
    expect(response.headers.get("content-type")).toBe("image/svg+xml; charset=utf-8");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'");
    expect(text).toMatch(/^<svg [^>]*role="graphics-document document"/);
    expect(text).toContain("db01 / MySQL is CRITICAL for 14 min");
    expect(text).toContain("nagios 4 s ago");
    expect(text).not.toContain("var(");
    expect((await get("/popup?host=db01&srv=MySQL")).text).toContain("affected, 1 hop");
  });

  it("draw the whole site where no host is asked for", async () => {
    expect((await get("/image?")).text).toContain("cache01");
  });

  it.each(["/image", "/popup"])("%s draws the sentence where the name is not known", async (path) => {
    const { response, text } = await get(`${path}?host=db9`);
    expect(response.status).toBe(200);
    expect(text).toContain("No host is called “db9”.");
    expect(text).toContain("Did you mean db01, db02?");
  });

  it.each([
    ["nothing of the kind", "host=%00%01&srv=%ff"],
    ["a name of markup", "host=<script>alert(1)</script>&srv=]]>"],
    ["half a character", "host=%C3&srv=%E2%82"],
    ["signs that encode nothing", "host=%%%&srv=%zz"],
    ["a check of no host", "srv=MySQL"],
    ["an empty host", "host=&srv="],
    ["a check that is not there", "host=db01&srv=Nothing"],
    ["a what-if that is none", "host=db01&whatif=explode:db01"],
    [
      "nonsense in every other parameter",
      "host=db01&theme=x&palette=y&dependents=-1&dependencies=1e9&at=soon&site=%20",
    ],
    ["an address without end", `host=${"x".repeat(9000)}`],
  ])("draw a sentence or a picture for %s", async (_name, query) => {
    for (const path of ["/image", "/popup"]) {
      const { response, text } = await get(`${path}?${query}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toContain("image/svg+xml");
      expect(response.headers.get("content-security-policy")).toBe("default-src 'none'");
      expect(text).toMatch(/^<svg [^>]*viewBox/);
      expect(text).toMatch(/<desc[^>]*>[^<]{10}/);
      expect(text).not.toMatch(/<script|alert\(1\)<\/script>/);
    }
  });

  it.each(["/image", "/popup"])("%s draws the cause where the store is away", async (path) => {
    const { response, text } = await get(`${path}?host=db01`, { deps: { reader: away } });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(text).toContain("refused (ECONNREFUSED)");
    expect(text).toContain("systemctl start redis-server");
  });

  it("are drawn once for many askers, and again after a failure", async () => {
    const site = storedShop();
    const deps = depsOf(site);
    let asked = 0;
    let broken = true;
    const impactOf: AppDeps["impactOf"] = (...question) => {
      asked += 1;
      return broken ? Promise.reject(new Error("gone")) : deps.impactOf(...question);
    };
    expect((await get("/image?host=db01", { deps: { impactOf } })).text).toContain("Something went wrong");
    broken = false;
    const all = await Promise.all(Array.from({ length: 8 }, () => get("/image?host=db01")));
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    expect(all[0]?.text).toContain("mysqld");
    expect(asked).toBe(2);
  });

  it("paint in the theme and palette asked for, and in the default where those make no sense", async () => {
    const dark = await get("/image?host=db01&theme=dark&palette=nagios");
    expect(dark.text).toContain("#12161b");
    expect(dark.text).toContain("#f83838");
    const odd = await get("/image?host=db01&theme=%3Cscript%3E&palette=__proto__");
    expect(odd.text).toContain("#ffffff");
  });
});

describe("/api/v1", () => {
  it("answers one impact", async () => {
    const { response, text } = await get("/api/v1/impact?host=db01&srv=MySQL");
    const impact = JSON.parse(text) as Impact;
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(impact).toMatchObject({ apiVersion: "dotm/v1", kind: "Impact", problem: { host: "db01", check: "MySQL" } });
  });

  it("lists all, ranked, page by page", async () => {
    const all = JSON.parse((await get("/api/v1/impacts")).text);
    expect(all).toMatchObject({ apiVersion: "dotm/v1", kind: "ImpactList", revision: "1795402790000-0", next: null });
    expect(all.items.map((item: Impact) => item.problem.check)).toEqual(["MySQL", "Tomcat", "HTTP"]);
    const first = JSON.parse((await get("/api/v1/impacts?limit=2")).text);
    expect([first.items.length, first.next]).toEqual([2, "2"]);
    const second = JSON.parse((await get(`/api/v1/impacts?limit=2&cursor=${first.next}`)).text);
    expect([second.items.map((item: Impact) => item.problem.check), second.next]).toEqual([["HTTP"], null]);
  });

  it.each([
    ["/api/v1/impact", 400, "No host was asked for"],
    ["/api/v1/impact?host=db9", 404, "No host is called"],
    ["/api/v1/impact?host=db01&srv=X", 404, "no service check called"],
    ["/api/v1/impact?host=db01&whatif=explode:db01", 400, "whatif understands"],
    ["/api/v1/impacts?limit=0", 400, "limit: Too small"],
    ["/api/v1/impacts?cursor=-1", 400, "cursor"],
    ["/api/v1/nothing", 404, "There is nothing at"],
    ["/api/v1/Impacts", 404, "There is nothing at"],
  ])("%s is a problem %i", async (path, status, words) => {
    const { response, text } = await get(path);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(JSON.parse(text)).toMatchObject({ status, detail: expect.stringContaining(words) });
  });

  it("names what may have been meant", async () => {
    expect(JSON.parse((await get("/api/v1/impact?host=db9")).text)).toMatchObject({ suggestions: ["db01", "db02"] });
  });

  it("answers 503 with cause and next step where the store is away", async () => {
    const { response, text } = await get("/api/v1/impacts", { deps: { reader: away } });
    expect(response.status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({ status: 503, next: "Start it: systemctl start redis-server" });
  });
});

describe("POST /api/v1/agents/report", () => {
  it("hands the body on as it came, with its headers", async () => {
    const seen: { raw: Buffer; headers: Readonly<Record<string, unknown>> }[] = [];
    const acceptReport: AppDeps["acceptReport"] = async (raw, headers) => {
      seen.push({ raw, headers });
      return { status: 202, body: { dropped: 1 } };
    };
    const body = Buffer.from([0x1f, 0x8b, 0, 255, 254]);
    const init = { method: "POST", body, headers: { "content-encoding": "gzip", authorization: "Bearer x" } };
    const { response, text } = await get("/api/v1/agents/report", { deps: { acceptReport }, init });
    expect([response.status, JSON.parse(text)]).toEqual([202, { dropped: 1 }]);
    expect(seen[0]?.raw).toEqual(body);
    expect(seen[0]?.headers).toMatchObject({ "content-encoding": "gzip", authorization: "Bearer x" });
  });

  it("says how to authenticate", async () => {
    const acceptReport: AppDeps["acceptReport"] = async () => ({ status: 401, body: { error: "no" } });
    const { response } = await get("/api/v1/agents/report", {
      deps: { acceptReport },
      init: { method: "POST", body: "{}" },
    });
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
  });
});

describe("POST /api/v1/events and /api/v1/webhooks/alertmanager", () => {
  const json = { "content-type": "application/json" };
  const pushed: AddressedPush[] = [];
  const deps = {
    acceptPush: async (push: AddressedPush) => {
      pushed.push(push);
      const status = { "Bearer no": 401, "Bearer early": 503 }[push.authorization ?? ""] ?? 200;
      return { status, body: { accepted: 1 } };
    },
  };
  const post = (path: string, headers: Record<string, string>, body = "[]") =>
    get(path, { deps, init: { method: "POST", headers, body } });

  it("hand the body on as it came, with the source it is for", async () => {
    const { response, text } = await post("/api/v1/events?source=a%20b", json, '{"host":"db01","state":"UP"}');
    expect([response.status, JSON.parse(text)]).toEqual([200, { accepted: 1 }]);
    expect(pushed.at(-1)).toMatchObject({ format: "events", source: "a b", isLocal: true });
    expect(pushed.at(-1)?.raw.toString()).toBe('{"host":"db01","state":"UP"}');
    await post("/api/v1/webhooks/alertmanager", { ...json, authorization: "Bearer x" });
    expect(pushed.at(-1)).toMatchObject({ format: "alertmanager", source: null, authorization: "Bearer x" });
  });

  it("say when to send it again", async () => {
    const early = await post("/api/v1/events", { ...json, authorization: "Bearer early" });
    expect([early.response.status, early.response.headers.get("retry-after")]).toEqual([503, "5"]);
  });

  it("tell a web page and somebody behind a proxy from a program on this machine", async () => {
    for (const headers of [{ origin: "http://evil.example" }, { "x-forwarded-for": "10.9.9.9" }, { via: "1.1 x" }]) {
      await post("/api/v1/events", { ...json, ...headers });
      expect(pushed.at(-1)?.isLocal).toBe(false);
    }
  });

  it("refuse what is no JSON, what is too large, and other methods", async () => {
    expect((await post("/api/v1/events", { "content-type": "text/plain" })).response.status).toBe(415);
    expect((await post("/api/v1/events", json, "x".repeat(1024 * 1024 + 1))).response.status).toBe(413);
    const { response } = await get("/api/v1/webhooks/alertmanager", { deps });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    const refused = await post("/api/v1/events", { ...json, authorization: "Bearer no" });
    expect(refused.response.headers.get("www-authenticate")).toContain("Bearer");
  });
});

describe("health", () => {
  it("answers while the process is up, and what is ready part by part", async () => {
    expect((await get("/healthz", { deps: { reader: away } })).response.status).toBe(200);
    expect((await get("/readyz")).response.status).toBe(200);
    await app?.close();
    app = undefined;
    const readiness = () => ({ ready: false, parts: { store: { ok: false, detail: "refused" } } });
    const { response, text } = await get("/readyz", { deps: { readiness } });
    expect([response.status, JSON.parse(text)]).toEqual([503, readiness()]);
  });
});

describe("/metrics", () => {
  it("tells how late the event loop is and how many files are open", async () => {
    const { text } = await get("/metrics");
    expect(text).toContain("\nnodejs_eventloop_lag_p99_seconds 0.002\n");
    expect(text).toContain("\nnodejs_eventloop_lag_max_seconds 0.03\n");
    expect(text).toContain("\nprocess_open_fds 21\n");
    expect(text).toContain("\nprocess_max_fds 1024\n");
  });

  it("tells figures of sources, problems, alarms and this process as Prometheus reads them", async () => {
    const source = { ...SOURCE, source: 'mon "a"\\b', ok: false, errors: 7, lag: 1.5, asOf: NOW - 900, staleAfter: 60 };
    const reasons = { ENOENT: 7, "current_state out of range": 3 };
    const { response, text } = await get("/metrics", { site: { ...storedShop(), sources: [{ ...source, reasons }] } });
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const labels = '{source="mon \\"a\\"\\\\b",type="status-file"}';
    const lines = text.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "# TYPE dotm_source_errors_total counter",
        `dotm_source_up${labels} 0`,
        `dotm_source_stale${labels} 1`,
        `dotm_source_age_seconds${labels} 900`,
        `dotm_source_lag_seconds${labels} 1.5`,
        `dotm_source_errors_total${labels} 7`,
        'dotm_errors_total{source="mon \\"a\\"\\\\b",reason="ENOENT"} 7',
        'dotm_errors_total{source="mon \\"a\\"\\\\b",reason="current_state out of range"} 3',
        "dotm_problems 3",
        'dotm_alarms{kind="agent-silent",severity="CRITICAL"} 0',
        "dotm_reports_accepted_total 812",
        'dotm_reports_refused_total{reason="wrong token"} 2',
        "dotm_store_connected 1",
      ]),
    );
    expect(lines.every((line) => /^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{.*\})? -?[\d.e+]+)?$/.test(line))).toBe(true);
  });

  it("calls states stale whose source fails without ever having said how old they are", async () => {
    const source = { ...SOURCE, source: "mon", ok: false, error: "away", asOf: 0 };
    const { text } = await get("/metrics", { site: { ...storedShop(), sources: [source] } });
    expect(text).toContain('dotm_source_stale{source="mon",type="status-file"} 1\n');
  });

  it("says that the store is away, and what the process knows without it", async () => {
    const figures = () => ({
      ...{
        reportsAccepted: 812,
        reportsRepeated: 3,
        reportsRefused: {},
        lastTurn: NOW - 1,
        targets: [{ name: "nagios", sent: 3, dropped: 1, failures: 2, waiting: 0 }],
        roles: ["web"],
        leads: false,
      },
      ...{ storeConnected: false, storePendingKeys: 42, loopLag: { p99: 0, max: 0 }, openFiles: undefined },
      ...{ connectionsForgotten: 0, socketsRefused: 0, answersDropped: 0 },
    });
    const { response, text } = await get("/metrics", { deps: { reader: away, figures } });
    expect(response.status).toBe(200);
    const wanted = ["dotm_store_connected 0", "dotm_store_pending_keys 42", "dotm_reports_accepted_total 812"];
    expect(text.split("\n")).toEqual(expect.arrayContaining(wanted));
    expect(text).not.toMatch(/dotm_(?:source|problems|alarms)/);
  });
});

describe("headers", () => {
  it("are those that let monitoring pages frame us and nothing else in", async () => {
    const config = { basePath: "/", frameAncestors: ["https://icinga.example.net"], version: "1" };
    const { response } = await get("/", { deps: { config } });
    expect(response.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self' https://icinga.example.net",
    );
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("same-origin");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    for (const absent of ["x-powered-by", "x-frame-options", "strict-transport-security", "set-cookie"]) {
      expect(response.headers.get(absent)).toBeNull();
    }
  });

  it("answer 304 for what the asker has, until the revision, the parameters or the clock change", async () => {
    const { response } = await get("/graph?host=db01&srv=MySQL");
    const tag = response.headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    const ask = (path: string) => get(path, { init: { headers: { "if-none-match": tag } } });
    const same = await ask("/graph?host=db01&srv=MySQL");
    expect([same.response.status, same.text]).toEqual([304, ""]);
    expect((await ask("/graph?host=db01&srv=MySQL&theme=dark")).response.status).toBe(200);
    await app?.close();
    app = undefined;
    const site = { ...storedShop(), revision: { id: "1795402799999-0", at: NOW } };
    expect(
      (await get("/graph?host=db01&srv=MySQL", { site, init: { headers: { "if-none-match": tag } } })).response.status,
    ).toBe(200);
  });

  it("send assets once, under the hash of their content", async () => {
    const { text } = await get("/");
    const paths = [...text.matchAll(/(?:href|src)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path);
    expect(paths).toHaveLength(4);
    for (const path of paths) {
      const { response } = await get(`/${path}`);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    }
    expect((await get("/assets/dotm.000000000000.css")).response.status).toBe(404);
  });
});

describe("methods, paths and addresses", () => {
  it("HEAD answers without a body", async () => {
    const { response, text } = await get("/graph?host=db01", { init: { method: "HEAD" } });
    expect([response.status, text]).toEqual([200, ""]);
  });

  it("answers unknown pages in HTML, with a way on", async () => {
    const { response, text } = await get("/nothing/here?x=<script>");
    expect(response.status).toBe(404);
    expect(visible(text)).toContain("There is no page /nothing/here.");
    expect(text).toContain('href="../"');
  });

  it("lies under a base path or a forwarded prefix, with links that work there", async () => {
    const config = { basePath: "/dotm/", frameAncestors: [], version: "1" };
    const page = await get("/dotm/graph?host=db01", { deps: { config } });
    expect(page.response.status).toBe(200);
    expect(page.text).not.toMatch(/(?:href|src|action)="\//);
    const bare = await get("/dotm?x=1");
    expect([bare.response.status, bare.response.headers.get("location")]).toEqual([308, "dotm/?x=1"]);
    expect((await get("/graph?host=db01")).response.status).toBe(200);
    expect(
      (await get("/ops/map/graph?host=db01", { init: { headers: { "x-forwarded-prefix": "/ops/map" } } })).response
        .status,
    ).toBe(200);
    expect((await get("/x/graph", { init: { headers: { "x-forwarded-prefix": "/x/../y" } } })).response.status).toBe(
      404,
    );
  });
});

describe("failures", () => {
  it("tell cause and next step where the store is away", async () => {
    const { response, text } = await get("/graph?host=db01", { deps: { reader: away } });
    expect(response.status).toBe(503);
    expect(visible(text)).toContain(
      "The store is away The picture cannot be read: Redis at 127.0.0.1:6379 refused (ECONNREFUSED). Start it: systemctl start redis-server",
    );
  });

  it("never show a stack, and log it", async () => {
    const logged: object[] = [];
    const logger = {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (fields: object) => void logged.push(fields),
    };
    const impactOf = () => Promise.reject(new Error("secret inside"));
    const { response, text } = await get("/graph?host=db01", { deps: { impactOf, logger } });
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/secret inside|node_modules|at \w+ \(/);
    const line = { error: "secret inside", stack: expect.stringContaining("app.test.ts") };
    expect(logged).toMatchObject([{ path: "/graph", status: 500, ...line }]);
    // A picture is drawn of it, with 200.
    await get("/popup?host=db01", { deps: { impactOf, logger } });
    expect(logged.slice(1)).toMatchObject([{ path: "/popup", status: 500, ...line }]);
  });

  it("escape everything hostile", async () => {
    const name = '"><img src=x onerror=alert(1)>';
    const graphs = siteGraphs({
      hosts: { [name]: { services: [`80 ${name}`] } },
      needs: [],
      states: { [`${name}:80`]: { state: "CRITICAL", checks: [name] } },
    });
    const impact = siteImpact(graphs, { host: name, check: name, output: name }, []);
    const site = { graphs, impacts: [impact], sources: [{ ...SOURCE, source: name, error: name }] };
    for (const path of [
      "/",
      `/graph?host=${encodeURIComponent(name)}`,
      `/host/${encodeURIComponent(name)}`,
      `/graph?host=x${encodeURIComponent(name)}`,
      `/${name}`,
    ]) {
      const { text } = await get(path, { site });
      expect(text, path).not.toContain("<img");
    }
  });
});
