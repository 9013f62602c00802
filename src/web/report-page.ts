import { askSurvey } from "../impact/ask-survey.ts";
import { askCoverage } from "../mapping/ask-proposals.ts";
import type { Coverage } from "../mapping/coverage.ts";
import { ALARM_KINDS, type Alarm, type AlarmKind } from "../model/alarm.ts";
import { encodePart } from "../render/graph-link.ts";
import type { Tone } from "../render/palette.ts";
import { inSlices } from "../store/time-slices.ts";
import { momentOf } from "./ages.ts";
import { hostLink, withView } from "./links.ts";
import { frameOf, freshPage, type PageDeps } from "./page-frame.ts";
import { otherParameters } from "./url-contract.ts";
import { timeQuery, viewQuery } from "./view-parameters.ts";

/** Lines of a table at most; the rest is counted. */
const MOST = 300;

const KIND_WORDS: Readonly<Record<AlarmKind, string>> = {
  "source-stale": "source is stale",
  "host-unmonitored": "host without monitoring",
  "agent-silent": "agent is silent",
  "connection-gone": "connection gone",
  "service-without-check": "service without a check",
  "check-unmapped": "check not understood",
  "service-unused": "service unused",
};

/** The handler of `/report`. */
export function reportPage(deps: PageDeps) {
  return freshPage(deps, async (asking, fresh, response) => {
    const { reader } = deps;
    const [alarms, survey, coverage, hosts] = await Promise.all([
      reader.alarms(),
      askSurvey(reader, inSlices),
      askCoverage(reader),
      reader.nodes(),
    ]);
    const { root, now, view } = asking;
    const kind = ALARM_KINDS.find((each) => each === otherParameters(asking.query).get("kind"));
    const shown = alarms.filter((alarm) => kind === undefined || alarm.kind === kind);
    const suffix = viewQuery(view);
    const place = ({ id, host, ...rest }: { readonly id: string; readonly host: string }) => ({
      ...{ id, host, ...rest },
      hostHref: hostLink(root, host, suffix),
      whatIf: `${root}graph?host=${encodePart(host)}&whatif=down:${encodePart(id)}${suffix}`,
    });
    response.send(
      deps.render("report", {
        frame: frameOf(deps, asking, { title: "Report", page: "report", fresh }),
        search: "",
        sentence: sentenceOf(alarms, hosts.length),
        kinds: kindLinks(alarms, kind, suffix),
        alarms: shown.slice(0, MOST).map((alarm) => alarmRow(alarm, { root, suffix, now })),
        more: Math.max(0, shown.length - MOST),
        singlePoints: survey.singlePoints.slice(0, MOST).map(place),
        unmonitored: survey.unmonitored.slice(0, MOST).map(place),
        coverage: coverageWords(coverage),
        nothingKnown: hosts.length === 0,
        json: withView(`${root}api/v1/report`, timeQuery(view.at)),
      }),
    );
  });
}

function sentenceOf(alarms: readonly Alarm[], hosts: number): string {
  if (alarms.length === 0) {
    return hosts === 0 ? "Nothing is known yet." : "Nothing of our own is wrong.";
  }
  const grave = alarms.filter(({ severity }) => severity !== "INFO").length;
  return `${alarms.length} things DOTM itself finds wrong, ${grave} of them grave.`;
}

function kindLinks(alarms: readonly Alarm[], current: AlarmKind | undefined, suffix: string) {
  const present = ALARM_KINDS.filter((kind) => alarms.some((alarm) => alarm.kind === kind));
  const all = { name: "all", href: `?${suffix.slice(1)}`, current: current === undefined, count: alarms.length };
  const each = present.map((kind) => ({
    name: KIND_WORDS[kind],
    href: `?kind=${kind}${suffix}`,
    current: kind === current,
    count: alarms.filter((alarm) => alarm.kind === kind).length,
  }));
  return present.length === 0 ? [] : [all, ...each];
}

const TONES: Readonly<Record<Alarm["severity"], Tone>> = { CRITICAL: "critical", WARNING: "warning", INFO: "pending" };

function alarmRow(
  { kind, severity, host, object, since, text }: Alarm,
  { root, suffix, now }: { readonly root: string; readonly suffix: string; readonly now: number },
) {
  return {
    severity,
    tone: TONES[severity],
    kind: KIND_WORDS[kind],
    host,
    hostHref: host === null ? undefined : hostLink(root, host, suffix),
    object,
    text,
    since: momentOf(since ?? 0, now),
  };
}

function coverageWords({ checks, mapped, none, unmapped, share }: Coverage) {
  return checks === 0 ? undefined : { percent: Math.floor(share * 100), checks, mapped, none, unmapped };
}
