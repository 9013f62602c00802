/** Mode impact: whether something else takes services of a host or check with it, and what. */
import { flagField, listField, objectField, objectOf, textField } from "../../nagios/json-field.ts";
import type { JsonFields } from "../../nagios/json-rows.ts";
import { AnswerError, type Dotm } from "./ask-dotm.ts";
import type { Options } from "./options.ts";
import { judged, type Status, worst } from "./status.ts";
import type { Verdict } from "./verdict.ts";

/** Problems looked through for those that do it, the gravest. */
const CAUSES = "200";

/** What a degree means where no threshold was given. */
const BY_DEGREE: Readonly<Record<string, Status>> = { affected: "CRITICAL", degraded: "WARNING", potential: "WARNING" };

/** A service that is hit. */
interface Hit {
  readonly id: string;
  readonly degree: string;
}

/** A problem and the services it takes with it. */
interface Cause {
  readonly name: string;
  readonly root: boolean;
  readonly hits: readonly Hit[];
}

/** The answer. */
export async function impactVerdict(dotm: Dotm, options: Options): Promise<Verdict> {
  if (options.host === null) {
    const causes = await causesOf(dotm);
    const hits = new Map(causes.flatMap((cause) => cause.hits).map((hit) => [hit.id, hit]));
    return verdict("", [...hits.values()], causes, options);
  }
  const found = await findHost(dotm, options.host);
  const name = textField(objectField(found, "host"), "name");
  const hits = servicesAsked(found, options).filter(({ degree }) => degree !== "");
  // Only what is hit needs the second, larger question.
  const causes = hits.length === 0 ? [] : await causesOf(dotm, hits, problemName(name, options.check));
  return verdict(problemName(name, options.check), hits, causes, options);
}

function verdict(asked: string, hits: readonly Hit[], causes: readonly Cause[], options: Options): Verdict {
  const { thresholds } = options;
  const count = (degree: string) => hits.filter((hit) => hit.degree === degree).length;
  const own = worst(hits.map(({ degree }) => BY_DEGREE[degree] ?? "WARNING"));
  const named = causes.some(({ root }) => root) ? causes.filter(({ root }) => root) : causes;
  const by = named.length === 0 ? "" : ` by ${nameList(named.map(({ name }) => name))}`;
  const subject = asked === "" ? "" : `${asked}: `;
  const services = `${hits.length} ${hits.length === 1 ? "service" : "services"}`;
  return {
    status: judged(hits.length, thresholds, own),
    text:
      hits.length === 0 ? `${subject}no service is hit by a problem` : `${subject}${services} ${hitWord(hits)}${by}`,
    figures: [
      { label: "affected", value: hits.length, unit: "", thresholds },
      { label: "degraded", value: count("degraded"), unit: "" },
      { label: "potential", value: count("potential"), unit: "" },
      { label: "causes", value: causes.length, unit: "" },
    ],
    details: [
      ...hits.map(({ id, degree }) => `${id} is ${degree === "potential" ? "potentially affected" : degree}`),
      ...causes.map(({ name, root }) => `by ${name}${root ? " (root problem)" : ""}`),
    ],
  };
}

/** The strongest degree among them, in words. */
function hitWord(hits: readonly Hit[]): string {
  const has = (degree: string) => hits.some((hit) => hit.degree === degree);
  if (has("affected")) {
    return "affected";
  }
  return has("degraded") ? "degraded" : "potentially affected";
}

/** A host by its name, or by what DOTM takes for it: an alias, another case. @throws AnswerError where nobody is called so */
async function findHost(dotm: Dotm, host: string): Promise<JsonFields> {
  try {
    return await dotm.get(`api/v1/hosts/${encodeURIComponent(host)}`);
  } catch (error) {
    if (!(error instanceof AnswerError) || error.status !== 404) {
      throw error;
    }
    const asked = await dotm.get("api/v1/impact", { host });
    const known = textField(objectField(asked, "problem"), "host");
    return dotm.get(`api/v1/hosts/${encodeURIComponent(known)}`);
  }
}

/** Services of the host, or those the check speaks of. @throws AnswerError where the host has no such check */
function servicesAsked(found: JsonFields, { check }: Options): Hit[] {
  const services = listField(found, "services").map(objectOf);
  const hits = services.map((each) => ({ id: textField(each, "id"), degree: textField(each, "degree") }));
  if (check === null) {
    return hits;
  }
  const known = listField(found, "checks").map(objectOf);
  const asked = known.find((each) => textField(each, "check") === check);
  if (asked === undefined) {
    throw new AnswerError(`${textField(objectField(found, "host"), "name")} has no check ${check}`, 404);
  }
  const ids = listField(asked, "services");
  return hits.filter(({ id }) => ids.includes(id));
}

/** Problems that take one of `hits` (anything, where absent) with them; `itself` is none. */
async function causesOf(dotm: Dotm, hits?: readonly Hit[], itself?: string): Promise<Cause[]> {
  const answer = await dotm.get("api/v1/impacts", { limit: CAUSES, fields: "problem,affected,rootProblem" });
  const ids = hits === undefined ? undefined : new Set(hits.map(({ id }) => id));
  return listField(answer, "items")
    .map(objectOf)
    .map((impact) => {
      const problem = objectField(impact, "problem");
      const rows = listField(impact, "affected").map(objectOf);
      return {
        name: problemName(textField(problem, "host"), textField(problem, "check") || null),
        root: flagField(impact, "rootProblem"),
        hits: rows
          .filter((row) => row["port"] !== null)
          .map((row) => ({ id: textField(row, "id"), degree: textField(row, "degree") }))
          .filter(({ id }) => ids === undefined || ids.has(id)),
      };
    })
    .filter((cause) => cause.hits.length > 0 && cause.name !== itself);
}

function problemName(host: string, check: string | null): string {
  return check === null ? host : `${host}/${check}`;
}

/** The first names, and how many there are beside them. */
export function nameList(names: readonly string[]): string {
  const [first = "", ...more] = names;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}
