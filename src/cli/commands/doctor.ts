/** `dotm doctor`: walks the whole chain, part by part, and tells the fix of each fault. */
import type { Config } from "../../config/config-value.ts";
import { readStoreHint, type StoreFlags } from "../../config/store-hint.ts";
import { examineConfiguration } from "../doctor/configuration.ts";
import { examineDataFolder } from "../doctor/data-folder.ts";
import { doubtful, type Finding, failed, fine } from "../doctor/finding.ts";
import { examineNagiosPages } from "../doctor/nagios-pages.ts";
import { type Examination, examinePicture } from "../doctor/picture.ts";
import { examineTargets } from "../doctor/targets.ts";
import { examineTeam } from "../doctor/team.ts";
import { examineFrames, examineLoopback, examineWeb, unknownWeb } from "../doctor/web.ts";
import { EXIT } from "../exit-code.ts";
import type { OpenReader, OpenStore } from "../open-store.ts";
import { type ColorChoice, type Paint, paintFor } from "../paint.ts";
import { printableJson } from "../printable-json.ts";
import { locatedHint } from "../store-access.ts";
import { harmless } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { pageUrl, shellWord } from "../words.ts";

/** Foreign keys told at most. */
const MOST_FOREIGN = 20;

/** What brings back what is missing in the map. */
const ANEW = `to have the map written anew: redis-cli rpush dotm::queue '{"fn":"reload"}'`;

/** Options of the command. */
export interface DoctorOptions extends StoreFlags {
  /** Address of the pages; by default what the configuration says. */
  readonly web?: string;
  readonly output: "table" | "json";
  readonly color: ColorChoice;
}

/** Prints one line for each part; exit 1 where one fails. */
export async function doctor(options: DoctorOptions, terminal: Terminal, open: OpenReader): Promise<number> {
  const { config, findings: configured } = examineConfiguration({ file: options.config }, terminal);
  // A store named by a flag need not be that of the configuration.
  const own = options.dataDir === undefined && options.url === undefined;
  const about = { config: own ? config : undefined, now: terminal.now(), program: terminal.program };
  const base = options.web ?? (config === undefined ? undefined : pageUrl(config.web));
  const certFile = options.web === undefined ? config?.web.tls?.certFile : undefined;
  const findings = [
    ...configured,
    ...(await examineStore(options, about, terminal, open)),
    base === undefined ? unknownWeb() : await examineWeb(base, terminal.program, certFile),
    ...(config === undefined ? [] : examineSetup(config, terminal.program)),
    ...(await examineTargets(config?.notify.targets ?? [], terminal.around.env["PATH"] ?? "")),
  ];
  const count = (verdict: Finding["verdict"]) => findings.filter((finding) => finding.verdict === verdict).length;
  const failures = count("FAIL");
  if (options.output === "json") {
    const envelope = { apiVersion: "dotm/v1", kind: "Diagnosis", ok: failures === 0, items: findings };
    terminal.out.write(`${printableJson(envelope, 2)}\n`);
  } else {
    terminal.out.write(findingsText(findings, paintFor(terminal, options.color)));
    terminal.err.write(`\nFailures: ${failures}\nWarnings: ${count("WARNING")}\n`);
  }
  return failures === 0 ? EXIT.done : EXIT.failed;
}

/** What the configuration alone tells of pages, ours and those of Nagios. */
function examineSetup(config: Config, program: string): Finding[] {
  return [examineLoopback(config), ...examineFrames(config), ...examineNagiosPages(config, program)];
}

/** The data folder, the store, and where that answers everything in it. */
async function examineStore(
  flags: StoreFlags,
  about: Omit<Examination, "store">,
  terminal: Terminal,
  open: OpenReader,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    const hint = await readStoreHint(flags, terminal.around);
    const located = attempt(() => locatedHint(hint, terminal));
    findings.push(examineDataFolder((located.value ?? hint).dataDir, hint.url === null || hint.dataDirNamed));
    if (located.value === undefined) {
      return [...findings, failed("store", located.error)];
    }
    const store = await open(located.value);
    try {
      findings.push(fine("store", store.about), ...(await foreignFindings(store)), ...(await brokenFindings(store)));
      findings.push(...(await examinePicture({ ...about, store })));
      findings.push(...(await examineTeam({ ...about, store })));
    } finally {
      await store.close();
    }
  } catch (error) {
    findings.push(failed("store", error));
  }
  return findings;
}

/** What others wrote under our names: DOTM leaves it alone, so the picture lacks what should stand there. */
async function foreignFindings(store: OpenStore): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const { key, type, expected } of store.foreign()) {
    const text = `${key} is a ${type}, not a ${expected}: DOTM did not write it and leaves it alone`;
    findings.push(doubtful("store", text, `If nobody needs it: redis-cli del ${shellWord(key)}; ${ANEW}`));
    if (findings.length === MOST_FOREIGN) {
      break;
    }
  }
  return findings;
}

/** What is ours by name and type, and cannot be read: readers leave it out. */
async function brokenFindings(store: OpenStore): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const { key, reason } of store.broken()) {
    const fix = `${ANEW}; a report is replaced by the next one of its host`;
    findings.push(doubtful("store", `${key} ${reason}, so it is left out`, fix));
    if (findings.length === MOST_FOREIGN) {
      break;
    }
  }
  return findings;
}

function attempt<T>(task: () => T): { readonly value?: T; readonly error?: unknown } {
  try {
    return { value: task() };
  } catch (error) {
    return { error };
  }
}

function findingsText(findings: readonly Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ part }) => part.length));
  return findings
    .map(({ part, verdict, text, fix }) => {
      const head = `${paint(verdict)}${" ".repeat(9 - verdict.length)}${harmless(part).padEnd(width)}  `;
      const next = fix === null ? "" : `${" ".repeat(11 + width)}Fix: ${harmless(fix)}\n`;
      return `${head}${harmless(text)}\n${next}`;
    })
    .join("");
}
