/** What a row, a box or an edge says to those who hear or point instead of see. */
import type { Certainty, Degree } from "../model/impact.ts";
import type { Handling } from "../model/state.ts";
import type { PictureBox, PictureEdge, PictureRow } from "./picture.ts";

/** What each degree means, in words. */
const DEGREE_WORDS: Readonly<Record<Degree, string>> = {
  affected: "affected through its dependencies",
  degraded: "degraded through its dependencies",
  potential: "potentially affected through its dependencies",
};

/** What each certainty means, in words. */
export const CERTAINTY_WORDS: Readonly<Record<Certainty, string>> = {
  configured: "configured",
  both: "seen by both ends",
  one: "seen by one end",
  remembered: "remembered, not seen lately",
};

/** `db01 :3306 mysqld, CRITICAL, hard, acknowledged, check MySQL`. */
export function describeRow(row: PictureRow): string {
  const parts = [
    `${row.host} ${row.label}${row.times > 1 ? ` and ${row.times - 1} more like it` : ""}`,
    ...(row.troubled ? [`${row.troubled} of them not well, the worst`] : []),
    row.ownState === null ? "no check" : row.ownState,
    ...(row.stateType === null || row.ownState === null ? [] : [row.stateType.toLowerCase()]),
    ...handlingWords(row.handling),
    ...(row.old ? ["not seen lately"] : []),
    ...(row.degree === null ? [] : [DEGREE_WORDS[row.degree]]),
    ...(row.checks.length > 0 ? [`check ${row.checks.slice(0, 3).join(", ")}`] : []),
  ];
  return parts.join(", ");
}

/** What has been said about a state, in words. */
export function handlingWords(handling: Handling): string[] {
  return [
    ...(handling.acknowledged ? ["acknowledged"] : []),
    ...(handling.inDowntime ? ["in downtime"] : []),
    ...(handling.flapping ? ["flapping"] : []),
    ...(handling.stale ? ["stale"] : []),
  ];
}

/** `host db01, UP, no agent`. */
export function describeBox(box: PictureBox): string {
  if (box.kind === "internet") {
    return "Internet: addresses outside our networks";
  }
  const names = box.hosts.length > 1 ? `hosts ${box.hosts.join(", ")}` : `host ${box.title}`;
  const parts = [
    names,
    box.state ?? "not monitored",
    ...handlingWords(box.handling),
    ...(box.agent === "fresh" ? [] : [box.agent === "stale" ? "its agent is silent" : "no agent"]),
    ...(box.hidden > 0 ? [`${box.hidden} more not drawn`] : []),
  ];
  return parts.join(", ");
}

/** `web01/php-fpm needs db01:3306: 12 connections, seen by both ends`. */
export function describeEdge(edge: PictureEdge): string {
  const connections = edge.count === 1 ? "1 connection" : `${edge.count} connections`;
  const over = edge.over === null ? "" : ` over ${edge.over}`;
  const trouble = edge.hit === null ? "" : "; trouble travels here";
  return `${edge.from} needs ${edge.to}${over}: ${connections}, ${CERTAINTY_WORDS[edge.certainty]}${trouble}`;
}
