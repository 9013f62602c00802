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
}

/** What a page says about the time it shows; `query` is the page's own. */
export function pastNotice(past: Past, query: string): PastNotice {
  const others = query.split("&").filter((part) => part !== "" && !/^(?:amp;)?(?:at|history)=/.test(part));
  return { ...pastWords(past), nowHref: `?${others.join("&")}` };
}

/** The time in words. */
export function pastWords({ at, asOf, exact }: Past): Pick<PastNotice, "sentence" | "doubt"> {
  return {
    sentence: `As it was at ${isoOf(asOf)}`,
    doubt: exact ? undefined : `What changed from there to ${isoOf(at)} is not known.`,
  };
}
