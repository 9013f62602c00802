/** Our module of Icinga Web without an Icinga Web: what it puts into the page of a host, run by the real PHP. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const VENDOR = "/usr/share/icinga-php/vendor/vendor/autoload.php";
const HARNESS = fileURLToPath(new URL("icinga-module.php", import.meta.url));
const TOKEN = "the-token";

/** Programs and files it needs, for `describeReal`. */
export const ICINGA_MODULE_PROGRAMS = ["php", VENDOR] as const;

/** Somebody at DOTM's address. */
export interface AtDotmsPlace {
  readonly url: string;
  /** Paths asked for so far. */
  readonly asked: string[];
  /** What is done with each request; nothing is how DOTM hangs. */
  answer: (response: ServerResponse) => void;
  close(): Promise<void>;
}

/** Listens on loopback in DOTM's place. */
export async function atDotmsPlace(): Promise<AtDotmsPlace> {
  const server = createServer((request, response) => {
    place.asked.push(request.url ?? "");
    place.answer(response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const place: AtDotmsPlace = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer: () => undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return place;
}

/**
 * The HTML on the page of the host web01: for whom (`permissions`, `restrictions`) and with which settings `page` says.
 * What the workers of one web server know of each other lies in the folder `shared`. What PHP complains about is thrown.
 */
export async function pageOfHost(shared: string, page: { readonly settings: object }): Promise<string> {
  const php = spawn("php", ["-d", "display_errors=stderr", "-d", "memory_limit=64M", HARNESS], {
    env: { ...process.env, TMPDIR: shared },
  });
  php.stdin.end(JSON.stringify({ ...page, settings: { timeout: "10", token: TOKEN, ...page.settings } }));
  const [html, complaint] = await Promise.all([text(php.stdout), text(php.stderr)]);
  expect(complaint).toBe("");
  expect(html).not.toContain(TOKEN);
  return html;
}
