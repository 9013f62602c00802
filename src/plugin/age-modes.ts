/** Modes source-age and agent-age: how old what we know is. */
import { flagField, numberField, objectField, textField } from "../../nagios/json-field.ts";
import type { JsonFields } from "../../nagios/json-rows.ts";
import { AnswerError, type Dotm } from "./ask-dotm.ts";
import { nameList } from "./impact-mode.ts";
import type { Options } from "./options.ts";
import { judged, type Status, worst } from "./status.ts";
import type { Figure, Verdict } from "./verdict.ts";

/** Something with an age; null where it never said a thing. */
interface Aged {
  readonly name: string;
  readonly age: number | null;
  readonly status: Status;
  readonly text: string;
}

/** How old what the sources said is. */
export async function sourceVerdict(dotm: Dotm, options: Options): Promise<Verdict> {
  const all = await dotm.list("api/v1/sources");
  const asked = all.filter((source) => options.source === null || textField(source, "name") === options.source);
  if (asked.length === 0) {
    throw new AnswerError(
      options.source === null ? "no source is configured" : `no source is called ${options.source}`,
    );
  }
  const sources = asked.map((source) => agedSource(source, options));
  const figures = sources.map(({ name, age }) => ageFigure(name, age, options));
  return agedVerdict("source", sources, figures);
}

/** How old the last reports of agents are. */
export async function agentVerdict(dotm: Dotm, options: Options): Promise<Verdict> {
  const all = options.host === null ? await dotm.list("api/v1/agents") : [await agentOf(dotm, options.host)];
  const agents = all.map((agent) => agedAgent(agent, options)).filter(({ age }) => age !== null);
  if (agents.length === 0) {
    const whose = options.host === null ? "no agent" : `no agent of ${options.host}`;
    return { status: "UNKNOWN", text: `${whose} ever reported`, figures: [], details: [] };
  }
  const oldest = Math.max(...agents.map(({ age }) => age ?? 0));
  const silent = agents.filter(({ status }) => status !== "OK").length;
  return agedVerdict("agent", agents, [
    { ...ageFigure("oldest", oldest, options) },
    { label: "agents", value: agents.length, unit: "" },
    { label: "silent", value: silent, unit: "", most: agents.length },
  ]);
}

function agedSource(source: JsonFields, { thresholds }: Options): Aged {
  const [name, age] = [textField(source, "name"), ageField(source)];
  const [stale, ok] = [flagField(source, "stale"), flagField(source, "ok")];
  const error = textField(source, "error");
  const own: Status = ok ? "OK" : "WARNING";
  const said = age === null ? "has said nothing yet" : `${age} s old${stale ? ", too old" : ""}`;
  const status = age === null ? "CRITICAL" : judged(age, thresholds, stale ? "CRITICAL" : own);
  return { name, age, status, text: `${said}${error === "" ? "" : `: ${error}`}` };
}

function agedAgent(agent: JsonFields, { thresholds }: Options): Aged {
  const age = ageField(agent);
  const fresh = textField(agent, "agent") === "fresh";
  const status = age === null ? "UNKNOWN" : judged(age, thresholds, fresh ? "OK" : "WARNING");
  return { name: textField(agent, "host"), age, status, text: `last report ${age} s ago` };
}

async function agentOf(dotm: Dotm, name: string): Promise<JsonFields> {
  const host = objectField(await dotm.get(`api/v1/hosts/${encodeURIComponent(name)}`), "host");
  return { ...host, host: name };
}

function agedVerdict(what: string, all: readonly Aged[], figures: readonly Figure[]): Verdict {
  const bad = all.filter(({ status }) => status !== "OK");
  const status = worst(all.map((each) => each.status));
  const gravest = bad.find((each) => each.status === status);
  const oldest = all.reduce((a, b) => ((b.age ?? 0) > (a.age ?? 0) ? b : a));
  const well = `${all.length} ${what}${all.length === 1 ? "" : "s"}, oldest ${oldest.name} ${oldest.age} s`;
  const [first] = bad;
  const ill = bad.length === 1 || gravest === undefined ? `${what} ${first?.name}: ${first?.text}` : undefined;
  return {
    status,
    text:
      bad.length === 0
        ? well
        : (ill ?? `${bad.length} of ${all.length} ${what}s too old: ${nameList(bad.map(({ name }) => name))}`),
    figures,
    details: [...bad, ...all.filter(({ status: each }) => each === "OK")].map(
      (each) => `${each.status} ${each.name}: ${each.text}`,
    ),
  };
}

function ageFigure(label: string, age: number | null, { thresholds }: Options): Figure {
  return { label, value: age ?? 0, unit: "s", thresholds };
}

function ageField(fields: JsonFields): number | null {
  const age = numberField(fields, "ageSeconds", -1);
  return age < 0 || fields["ageSeconds"] === null ? null : Math.round(age);
}
