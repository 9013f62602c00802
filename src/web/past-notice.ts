/** What pages and pictures say where they show the past. */
import type { Past } from "../store/history-reader.ts";
import { isoOf } from "./ages.ts";

/** What says that a page shows the past. */
export interface PastNotice {
  /** `As it was at 2026-11-25T03:00:00Z`. */
  readonly sentence: string;
  /** What is not known, where it is not exact. */
  readonly doubt: string | undefined;
  /** The same page as it is now. */
  readonly nowHref: string;
  /** The same page a while earlier and later, as far as that has been. */
  readonly steps: readonly Step[];
}

interface Step {
  /** `−5 min`. */
  readonly sign: string;
  /** `5 min earlier`. */
  readonly name: string;
  readonly href: string;
  /** For the smallest steps, which keys take, too. */
  readonly rel: "prev" | "next" | undefined;
}

/** Seconds in words, the smallest first. */
const STEPS = [
  [60, "1 min"],
  [300, "5 min"],
  [3600, "1 h"],
] as const;

/** What a page says about the time it shows; `query` is the page's own, `present` the time it is, Unix seconds. */
export function pastNotice(past: Past, query: string, present: number): PastNotice {
  const others = query.split("&").filter((part) => part !== "" && !/^(?:amp;)?(?:at|history)=/.test(part));
  const hrefOf = (at: number) => `?${[...others, `at=${at}`].join("&")}`;
  const at = Math.floor(past.at);
  const earlier = STEPS.map(([seconds, words], i): Step => {
    const rel = i === 0 ? "prev" : undefined;
    return { sign: `−${words}`, name: `${words} earlier`, href: hrefOf(at - seconds), rel };
  });
  const later = STEPS.filter(([seconds]) => at + seconds < present).map(([seconds, words], i): Step => {
    const rel = i === 0 ? "next" : undefined;
    return { sign: `+${words}`, name: `${words} later`, href: hrefOf(at + seconds), rel };
  });
  return { ...pastWords(past), nowHref: `?${others.join("&")}`, steps: [...earlier.toReversed(), ...later] };
}

/** The time in words. */
export function pastWords({ at, asOf, exact }: Past): Pick<PastNotice, "sentence" | "doubt"> {
  return {
    sentence: `As it was at ${isoOf(asOf)}`,
    doubt: exact ? undefined : `What changed from there to ${isoOf(at)} is not known.`,
  };
}
