/** Mode impact: whether something else takes services of a host or check with it, and what. */
import { flagField, listField, objectField, objectOf, textField } from "../../nagios/json-field.ts";
import type { JsonFields } from "../../nagios/json-rows.ts";
import { shortTitle } from "../model/ids.ts";
import { AnswerError, type Dotm } from "./ask-dotm.ts";
import type { Options } from "./options.ts";
import { judged, type Status, worst } from "./status.ts";
import type { Verdict } from "./verdict.ts";

/** Problems looked through for those that do it, the gravest. */
const CAUSES = "50";

/** What a degree means where no threshold was given. */
const BY_DEGREE: Readonly<Record<string, Status>> = { affected: "CRITICAL", degraded: "WARNING", potential: "WARNING" };

/** A service that is hit. */
interface Hit {
  readonly id: string;
  readonly degree: string;
}

/** A problem that does it. */
interface Cause {
  readonly name: string;
  readonly root: boolean;
}

/** The answer. */
export async function impactVerdict(dotm: Dotm, options: Options): Promise<Verdict> {
  const { asked, services } = await servicesAsked(dotm, options);
  const hits = services.filter(({ degree }) => degree !== "");
  // Only what is hit needs another question.
  const causes = hits.length === 0 ? [] : await causesOf(dotm, hits, asked);
  return verdict(asked, hits, causes, options);
}

/** What is asked about, by name, and the services that it means: all of the site where no host is named. */
async function servicesAsked(dotm: Dotm, options: Options): Promise<{ asked: string; services: readonly Hit[] }> {
  if (options.host === null) {
    const all = await dotm.list("api/v1/services", { fields: "id,degree" });
    return { asked: "", services: all.map(hitOf) };
  }
  const found = await findHost(dotm, options.host);
  const asked = shortTitle({ host: textField(objectField(found, "host"), "name"), check: options.check });
  return { asked, services: servicesOf(found, options) };
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
function servicesOf(found: JsonFields, { check }: Options): Hit[] {
  const hits = listField(found, "services").map(objectOf).map(hitOf);
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

/** Problems that take one of `hits` with them; `itself` is none. They are named where they can be: the number stands without. */
async function causesOf(dotm: Dotm, hits: readonly Hit[], itself: string): Promise<Cause[]> {
  const ids = new Set(hits.map(({ id }) => id));
  const told = await dotm
    .get("api/v1/impacts", { limit: CAUSES, fields: "problem,affected,rootProblem" })
    .catch(ignore);
  return listField(told ?? {}, "items")
    .map(objectOf)
    .filter((impact) => listField(impact, "affected").some((row) => ids.has(textField(objectOf(row), "id"))))
    .map((impact) => {
      const problem = objectField(impact, "problem");
      const name = shortTitle({ host: textField(problem, "host"), check: textField(problem, "check") || null });
      return { name, root: flagField(impact, "rootProblem") };
    })
    .filter(({ name }) => name !== itself);
}

/** So very many problems that the answer is too large, for one. */
function ignore(error: unknown): undefined {
  if (!(error instanceof AnswerError)) {
    throw error;
  }
}

function hitOf(fields: JsonFields): Hit {
  return { id: textField(fields, "id"), degree: textField(fields, "degree") };
}

/** The first names, and how many there are beside them. */
export function nameList(names: readonly string[]): string {
  const [first = "", ...more] = names;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}
