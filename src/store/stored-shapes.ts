/**
 * Shapes of the JSON that DOTM keeps in Redis and reads as it is. Every field that is used anywhere is looked at: what has
 * the shape can be shown and computed with, whoever wrote it. Fields nobody knows do no harm.
 */
import { CERTAINTIES, type Degree } from "../model/impact.ts";
import { COMMENT_ORIGINS } from "../model/monitoring-notes.ts";
import { CHECK_STATES, HOST_STATES } from "../model/state.ts";

/** Whether a value has a shape. */
type Is = (value: unknown) => boolean;

const isText: Is = (value) => typeof value === "string";
const isNumber: Is = Number.isFinite;
const isFlag: Is = (value) => typeof value === "boolean";

const DEGREES = ["affected", "degraded", "potential"] as const satisfies readonly Degree[];
const isDegree = among(DEGREES);
const isCertainty = among(CERTAINTIES);
const isHostState = among([...HOST_STATES, "PENDING"]);
const isState = among([...HOST_STATES, ...CHECK_STATES, "PENDING"]);
const isStateType = among(["SOFT", "HARD"]);

const FLAGS = ["acknowledged", "inDowntime", "flapping", "soft", "stale"] as const;
const isHandling = shape(each(FLAGS, isFlag));
const isSomeHandling = shape(each(FLAGS, orNone(isFlag)));

/** Spelled out, as a large site has a million of them. */
function isNeed(value: unknown): boolean {
  if (!isObject(value)) {
    return false;
  }
  const { to, certainty, count, firstSeen, lastSeen, group, quorum, over, passing } = value;
  return (
    typeof to === "string" &&
    isCertainty(certainty) &&
    Number.isFinite(count) &&
    Number.isFinite(firstSeen) &&
    Number.isFinite(lastSeen) &&
    (group === undefined || typeof group === "string") &&
    (quorum === undefined || Number.isFinite(quorum)) &&
    (over === undefined || typeof over === "string") &&
    (passing === undefined || typeof passing === "boolean")
  );
}

const isGraphNode = shape({
  ...{ id: isText, kind: among(["service", "process"]), port: orNull(isText), process: orNull(isText) },
  ...{ ownState: orNull(isState), stateType: orNull(isStateType), handling: isHandling },
  ...{ degree: orNull(isDegree), gives: orNone(isDegree), checks: listOf(isText) },
  ...{ age: among(["fresh", "old"]), lastSeen: isNumber, needs: listOf(isNeed), neededBy: listOf(isText) },
});

/** `HostGraph`, `dotm::graph::<node>`. */
export const isGraph = shape({
  ...{ host: isText, state: orNull(isHostState), stateType: orNull(isStateType), handling: isHandling },
  ...{ agent: among(["fresh", "stale", "none"]), lastReport: isNumber },
  ...{ groups: listOf(isText), parents: listOf(isText), nodes: listOf(isGraphNode) },
});

const isVariables = listOf(shape({ name: isText, value: isText }));
const isNoted = { host: isText, check: orNull(isText), id: isText, author: isText, text: isText, entered: isNumber };

/** `HostNotes`, `dotm::notes::<node>`. */
export const isNotes = shape({
  ...{ ...each(["host", "alias", "address", "actionUrl"], isText), variables: isVariables },
  checks: listOf(shape({ check: isText, groups: listOf(isText), actionUrl: isText, variables: isVariables })),
  comments: listOf(shape({ ...isNoted, origin: among(COMMENT_ORIGINS), expires: isNumber, persistent: isFlag })),
  downtimes: listOf(
    shape({ ...isNoted, ...each(["start", "end", "duration"], isNumber), ...each(["fixed", "inEffect"], isFlag) }),
  ),
});

const isRow = {
  ...{ id: isText, host: isText, port: orNull((value) => isText(value) || isNumber(value)), process: orNull(isText) },
};
const isRef = shape({ host: isText, check: orNull(isText) });

/** `Impact`, `dotm::impact::<node>::<check>`: of a problem that is there; what-if is not kept. */
export const isImpact = shape({
  kind: among(["Impact"]),
  problem: shape({
    ...{ host: isText, check: orNull(isText), state: isState, stateType: isStateType },
    ...{ since: orNull(isText), source: orNull(isText), output: isText },
    ...each(["handled", "acknowledged", "inDowntime", "flapping", "stale"], isFlag),
  }),
  failed: listOf(shape(isRow)),
  affected: listOf(
    shape({
      ...{ ...isRow, degree: isDegree, hops: isNumber, certainty: isCertainty, path: listOf(isText) },
      ...{ ownState: orNull(isState), propagatedState: isState, handling: isSomeHandling },
    }),
  ),
  ...{ hosts: listOf(isText), unknownBeyond: listOf(isText), internetFacing: orNone(listOf(isText)) },
  ...{ ...each(["hypothetical", "rootProblem"], isFlag), explainedBy: listOf(isRef), explains: listOf(isRef) },
  ...each(["summary", "computedAt", "graph"], isText),
  leftOut: orNone(shape(each(["services", "processes"], isNumber))),
  changesBefore: orNone(listOf(shape({ ...each(["kind", "host", "subject", "at"], isText), secondsBefore: isNumber }))),
  ...each(["assumed", "relieved", "safeToStop"], (value) => value === undefined),
});

/** `SourceHealth`, a field of `dotm::sources`. */
export const isSource = shape({
  ...{ source: isText, type: isText, ok: isFlag, error: orNull(isText), warning: orNone(isText) },
  ...each(["asOf", "staleAfter", "hosts", "checks", "lag", "errors"], isNumber),
  reasons: orNone((value) => isObject(value) && Object.values(value).every(isNumber)),
});

/** An object with these fields, and whatever others. */
function shape(fields: Readonly<Record<string, Is>>): Is {
  const names = Object.keys(fields);
  const checks = Object.values(fields);
  return (value) => {
    if (!isObject(value)) {
      return false;
    }
    for (let at = 0; at < names.length; at += 1) {
      if (checks[at]?.(value[names[at] ?? ""]) !== true) {
        return false;
      }
    }
    return true;
  };
}

function each(names: readonly string[], is: Is): Record<string, Is> {
  return Object.fromEntries(names.map((name) => [name, is]));
}

function among(values: readonly string[]): Is {
  return (value) => values.includes(value as string);
}

function orNull(is: Is): Is {
  return (value) => value === null || is(value);
}

function orNone(is: Is): Is {
  return (value) => value === undefined || is(value);
}

function listOf(is: Is): Is {
  return (value) => Array.isArray(value) && value.every((item) => is(item));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
