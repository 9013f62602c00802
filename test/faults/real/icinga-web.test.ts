/** What becomes of the pages of Icinga Web while DOTM hangs; what is drawn there is in test/real/icinga-module.test.ts. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type AtDotmsPlace, atDotmsPlace, ICINGA_MODULE_PROGRAMS, pageOfHost } from "../../support/icinga-module.ts";
import { freePort } from "../../support/process.ts";
import { describeReal } from "../../support/real.ts";

const WAITED = /did not answer within 0\.5 s/;
const AT_ONCE = /did not answer at http:\S+ a moment ago; it will be asked again in \d+ s/;
const PICTURE = /<svg[^>]*><text>fine/;

const hang = () => undefined;
const draw = (response: ServerResponse) =>
  response
    .writeHead(200, { "Content-Type": "image/svg+xml" })
    .end('<svg xmlns="http://www.w3.org/2000/svg"><text>fine</text></svg>');

describeReal("pages of Icinga Web without an answer of DOTM", ICINGA_MODULE_PROGRAMS, () => {
  let shared: string;
  let folder: string;
  let dotm: AtDotmsPlace;

  beforeEach(async () => {
    shared = mkdtempSync(join(tmpdir(), "dotm-silence-"));
    folder = join(shared, `icingaweb2-dotm-${process.getuid?.()}`);
    dotm = await atDotmsPlace();
  });
  afterEach(async () => {
    await dotm.close();
    rmSync(shared, { recursive: true, force: true });
  });

  const page = (url = dotm.url) => pageOfHost(shared, { settings: { url, timeout: "0.5" } });
  const patientPage = () => pageOfHost(shared, { settings: { url: dotm.url, timeout: "10" } });

  /** The one file there, which says since when DOTM does not answer. */
  const note = () => {
    const [name = "", ...more] = readdirSync(folder);
    expect(more).toEqual([]);
    return join(folder, name);
  };
  const setAge = (seconds: number) => {
    const then = Date.now() / 1000 - seconds;
    utimesSync(note(), then, then);
  };

  it("I17 one page waits for it, those of the next 30 s say so at once; then one asks again, and the picture is back", async ({
    annotate,
  }) => {
    const durations: number[] = [];
    for (const said of [WAITED, AT_ONCE, AT_ONCE]) {
      const begun = performance.now();
      expect(await page()).toMatch(said);
      durations.push(performance.now() - begun);
    }
    const [first = 0, second = 0] = durations;
    await annotate(
      `${first.toFixed(0)} ms the first page with a patience of 500, ${second.toFixed(0)} the next`,
      "figure",
    );
    expect(dotm.asked).toHaveLength(1);
    setAge(31);
    expect(await page()).toMatch(WAITED);
    expect(await page()).toMatch(AT_ONCE);
    expect(dotm.asked).toHaveLength(2);
    dotm.answer = draw;
    expect(await page()).toMatch(AT_ONCE);
    setAge(31);
    expect(await patientPage()).toMatch(PICTURE);
    dotm.answer = hang;
    // Nothing is remembered of the time before.
    expect(await page()).toMatch(WAITED);
  });

  it("I17 the same where nobody listens any more", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await page(url)).toMatch(WAITED);
    expect(await page(url)).toMatch(AT_ONCE);
    // Another DOTM is another matter.
    dotm.answer = draw;
    expect(await patientPage()).toMatch(PICTURE);
  });

  it("I17 while one page asks again, the others do not wait with it", async () => {
    await page();
    setAge(31);
    const asked = new Promise<ServerResponse>((resolve) => {
      dotm.answer = resolve;
    });
    const patient = patientPage();
    const response = await asked;
    expect(await Promise.all([page(), page()])).toEqual([
      expect.stringMatching(AT_ONCE),
      expect.stringMatching(AT_ONCE),
    ]);
    expect(dotm.asked).toHaveLength(2);
    draw(response);
    expect(await patient).toMatch(PICTURE);
    dotm.answer = draw;
    expect(await patientPage()).toMatch(PICTURE);
  });

  it("I17 what is noted of it is the age of an empty file that only the web server reads; a clock set back does no harm", async () => {
    await page();
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(note(), "utf8")).toBe("");
    expect(note()).toMatch(/\/[0-9a-f]{40}$/);
    setAge(-3_600);
    expect(await page()).toMatch(WAITED);
    expect(await page()).toMatch(AT_ONCE);
  });

  it("I17 a folder of others in its place is not used: pages wait as before", async () => {
    const others = join(shared, "others");
    mkdirSync(others);
    const places: readonly (() => void)[] = [
      () => symlinkSync(others, folder),
      () => writeFileSync(folder, "not a folder"),
      () => {
        mkdirSync(folder);
        chmodSync(folder, 0o777);
      },
      ...(process.getuid?.() === 0 ? [() => execFileSync("install", ["-d", "-m700", "-onobody", folder])] : []),
    ];
    for (const put of places) {
      put();
      expect(await page()).toMatch(WAITED);
      expect(await page()).toMatch(WAITED);
      expect(readdirSync(others)).toEqual([]);
      rmSync(folder, { recursive: true });
    }
  });

  it("I17 neither links nor pipes are followed in that folder, and what they lead to stays as it is", async () => {
    await page();
    const file = note();
    const victim = join(shared, "victim");
    writeFileSync(victim, "precious");
    const before = lstatSync(victim).mtimeMs;
    const kinds: readonly (() => void)[] = [
      () => symlinkSync(victim, file),
      () => symlinkSync(join(shared, "nothing"), file),
      () => execFileSync("mkfifo", [file]),
    ];
    for (const put of kinds) {
      rmSync(file);
      put();
      expect(await page()).toMatch(WAITED);
      expect(lstatSync(file).isFile()).toBe(true);
      expect(await page()).toMatch(AT_ONCE);
    }
    expect([readFileSync(victim, "utf8"), lstatSync(victim).mtimeMs]).toEqual(["precious", before]);
    expect(readdirSync(shared)).not.toContain("nothing");
    // Content of whatever kind says nothing.
    writeFileSync(file, 'O:8:"stdClass":0:{}'.repeat(10_000));
    expect(await page()).toMatch(AT_ONCE);
  });
});
