/** Debian's Chromium, driven by playwright-core: real pages, with everything the console and the network complained of. */
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";
import { findProgram } from "./real.ts";

/** A page and what went wrong on it so far: console errors, script errors, broken policies, failed requests. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** What the window looks like. */
export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  /** Set false to look at a page as one without script sees it. */
  readonly javaScript?: boolean;
}

const browsers = new Set<Browser>();

// Vitest calls this at the end of each file that imports this one.
afterAll(async () => {
  await Promise.allSettled([...browsers].map((browser) => browser.close()));
});

/** Starts a headless Chromium; it is closed at the end of the test file at the latest. */
export async function startChromium(): Promise<Browser> {
  const program = findProgram("chromium");
  if (program === undefined) {
    throw new Error("chromium is not installed; run test/real/install.sh");
  }
  const browser = await chromium.launch({
    executablePath: program,
    headless: true,
    args: [
      // Chromium refuses to sandbox root, as which tests run in containers.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-dev-shm-usage",
      "--disable-gpu",
      "--disable-background-networking",
      "--no-proxy-server",
    ],
  });
  browsers.add(browser);
  browser.on("disconnected", () => browsers.delete(browser));
  return browser;
}

/** Opens a page in a fresh profile and notes whatever goes wrong on it. */
export async function openPage(browser: Browser, url: string, window: WindowOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: window.width ?? 1280, height: window.height ?? 900 },
    colorScheme: window.colorScheme ?? "light",
    javaScriptEnabled: window.javaScript ?? true,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // Broken content policies come as console errors too.
    if (message.type() === "error" || message.type() === "warning") {
      complaints.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`script error: ${error.message}`));
  page.on("requestfailed", (request) =>
    complaints.push(`request failed: ${request.url()} ${request.failure()?.errorText ?? ""}`),
  );
  page.on("response", (response) => {
    if (response.status() >= 400) {
      complaints.push(`HTTP ${response.status()}: ${response.url()}`);
    }
  });
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url, { waitUntil: "load" });
  return { page, complaints };
}
