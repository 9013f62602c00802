import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { type AddressInfo, BlockList, connect } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { listedAddresses } from "../../agent/endpoint.ts";
import type { ServeOptions } from "../../agent/options.ts";
import { createOriginalServer } from "../../agent/original-server.ts";
import { type ListedSocket, originalText } from "../../agent/original-text.ts";
import { createAddressDecoder, parseProcNet } from "../../agent/proc-net.ts";
import { serveAgent } from "../../agent/serve.ts";
import { capturedReport } from "../../src/ingest/captured-report.ts";
import { makeCertificate } from "../support/certificate.ts";
import { describeReal } from "../support/real.ts";
import { table, tableLine } from "./fake-proc.ts";

const LISTEN = { address: "127.0.0.1", port: 0 };
const OPTIONS: ServeOptions = {
  command: "serve",
  host: "web01",
  interval: 60,
  listen: LISTEN,
  token: undefined,
  tls: undefined,
  original: undefined,
};

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ends.map((end) => end()));
  ends = [];
});

function sockets(): ListedSocket[] {
  const tcp = table(
    tableLine("0.0.0.0:3306", "0.0.0.0:0", 10, 1),
    tableLine("10.0.0.21:3306", "10.0.0.11:40001", 1, 2),
    tableLine("10.0.0.21:3306", "10.0.0.12:40001", 6, 0),
  );
  const process = { pid: 7, name: "mysqld", started: 1, unit: null, container: null, netns: null };
  return parseProcNet(tcp, "tcp", createAddressDecoder("LE")).sockets.map((socket) => ({
    socket,
    process: socket.inode === 0 ? undefined : process,
  }));
}

const INTERFACES = {
  lo: [{ address: "127.0.0.1", family: "IPv4", internal: true, cidr: "127.0.0.1/8" } as NetworkInterfaceInfo],
  eth0: [{ address: "10.0.0.21", family: "IPv4", internal: false, cidr: "10.0.0.21/24" } as NetworkInterfaceInfo],
};

/** Starts serving; ports in the order they were opened, and how many reports were made. */
async function serve(options: Partial<ServeOptions>) {
  const stop = new AbortController();
  const ports: number[] = [];
  const made = { reports: 0 };
  let opened: () => void = () => undefined;
  const wanted = options.original === undefined ? 1 : 2;
  const ready = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const log = (line: string) => {
    ports.push(Number(/port (\d+)$/.exec(line)?.[1]));
    if (ports.length === wanted) {
      opened();
    }
  };
  const report = async () => {
    made.reports++;
    return JSON.stringify({ version: 1, host: "web01", sequence: made.reports });
  };
  const deps = { report, sockets, interfaces: () => INTERFACES, steady: () => 100, log };
  const done = serveAgent({ ...OPTIONS, ...options }, deps, stop.signal);
  await Promise.race([ready, done]);
  ends.push(async () => {
    stop.abort();
    await done;
  });
  return { ports, made };
}

interface Asked {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly ca?: string;
}

async function ask({ port, path = "/report", method = "GET", headers = {}, ca }: Asked) {
  const options = { host: "127.0.0.1", port, path, method, headers, agent: false as const };
  const asked = ca === undefined ? requestHttp(options) : requestHttps({ ...options, ca, servername: "localhost" });
  asked.end();
  const [answer] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of answer) {
    chunks.push(chunk);
  }
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) };
}

async function everything(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("error", () => undefined);
  await once(socket, "close");
  return text;
}

describe("serveAgent", () => {
  it("gives the report, gzipped where that is understood, and looks once for those who ask at the same time", async () => {
    const { ports, made } = await serve({});
    const port = ports[0] ?? 0;
    const [plain, packed] = await Promise.all([ask({ port }), ask({ port, headers: { "accept-encoding": "gzip" } })]);
    expect(JSON.parse(`${plain.body}`)).toEqual({ version: 1, host: "web01", sequence: 1 });
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(`${gunzipSync(packed.body)}`).toBe(`${plain.body}`);
    expect(made.reports).toBe(1);
  });

  it("wants its token, and tells those without it nothing", async () => {
    const { ports, made } = await serve({ token: "dotm_secret" });
    const port = ports[0] ?? 0;
    for (const authorization of [undefined, "Bearer dotm_wrong", "dotm_secret"]) {
      const asked = await ask({
        port,
        path: "/nothing",
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(asked).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
    }
    expect(made.reports).toBe(0);
    const authorization = "Bearer dotm_secret";
    expect((await ask({ port, headers: { authorization } })).status).toBe(200);
    expect((await ask({ port, path: "/nothing", headers: { authorization } })).status).toBe(404);
    expect((await ask({ port, method: "POST", headers: { authorization } })).status).toBe(405);
  });

  it("answers the original's protocol as the original does, to those allowed", async () => {
    const allow = listedAddresses("--allow", "127.0.0.0/8");
    const { ports } = await serve({ original: { ...LISTEN, allow } });
    const text = await everything(ports[1] ?? 0);
    expect(text.split("\n").slice(0, 4)).toEqual([
      "hostname=web01",
      "Active Internet connections (servers and established)",
      "Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name",
      "tcp        0      0 0.0.0.0:3306            0.0.0.0:*               LISTEN      7/mysqld            ",
    ]);
    const hostFor = (told: string | null) => told ?? undefined;
    const head = { hostFor, now: 1_795_356_000, interval: 60, sequence: 1, boot: "b" };
    const report = JSON.parse(`${capturedReport(Buffer.from(text), head).raw}`);
    expect(report).toMatchObject({
      host: "web01",
      ips: ["10.0.0.21"],
      listeners: [{ address: "0.0.0.0", port: 3306, process: "mysqld" }],
    });
    const nobody = await serve({ original: { ...LISTEN, allow: new BlockList() } });
    expect(await everything(nobody.ports[1] ?? 0)).toBe("");
  });

  it("answers the original's protocol again after the system once did not tell of itself", async () => {
    let isFirst = true;
    const text = () => {
      if (isFirst) {
        isFirst = false;
        throw new Error("A system error occurred: uv_interface_addresses returned EMFILE");
      }
      return "hostname=web01\n";
    };
    const allow = listedAddresses("--allow", "127.0.0.0/8");
    const server = createOriginalServer({ allow, text, steady: () => 100 }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(await everything(port)).toBe("");
    expect(await everything(port)).toBe("hostname=web01\n");
    server.close();
  });

  it("answers one who knows the token while others hold as many connections as they can", async () => {
    const { ports } = await serve({ token: "secret" });
    const [port = 0] = ports;
    const held = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const socket = connect(port, "127.0.0.1").on("error", () => undefined);
        await once(socket, "connect");
        return socket;
      }),
    );
    const { status } = await ask({ port, headers: { authorization: "Bearer secret" } });
    expect(status).toBe(200);
    for (const socket of held) {
      socket.destroy();
    }
  });

  it("answers the first of many requests on one connection, and packs a report once", async () => {
    const { ports, made } = await serve({});
    const socket = connect(ports[0] ?? 0, "127.0.0.1").setEncoding("latin1");
    let answers = "";
    socket.on("data", (chunk) => {
      answers += chunk;
    });
    socket.write("GET /report HTTP/1.1\r\nHost: x\r\n\r\n".repeat(500));
    await once(socket, "close");
    expect(answers.match(/HTTP\/1\.1 200/g)).toHaveLength(1);
    expect(made.reports).toBe(1);
  });

  it("lets no program name itself a line of the original's text", () => {
    const [listed] = sockets();
    const evil = { ...listed?.process, name: "x\nhostname=evil" } as NonNullable<ListedSocket["process"]>;
    const text = originalText("web01", [{ ...listed, process: evil } as ListedSocket], INTERFACES);
    expect(text.match(/^hostname=.*$/gm)).toEqual(["hostname=web01"]);
  });

  it("fails where the address is taken", async () => {
    const { ports } = await serve({});
    const listen = { address: "127.0.0.1", port: ports[0] ?? 0 };
    await expect(serve({ listen })).rejects.toThrow("EADDRINUSE");
  });
});

describeReal("serveAgent over TLS", ["openssl"], () => {
  it("answers with its certificate", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dotm-serve-"));
    try {
      const files = makeCertificate(folder, "localhost");
      const ca = readFileSync(files.cert, "utf8");
      const tls = { cert: ca, key: readFileSync(files.key, "utf8") };
      const { ports } = await serve({ tls });
      expect((await ask({ port: ports[0] ?? 0, ca })).status).toBe(200);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
