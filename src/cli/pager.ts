/** Long output on a terminal goes through a pager, once all of it is there. */
import type { Output, Screen, Terminal } from "./terminal.ts";

/** Stdout of a command that may turn out longer than the screen. */
export interface PagedOutput extends Output {
  /** From now on what is written is kept until the end. */
  keep(): void;
  /** Shows what was kept: as it is where it fits, else page by page. */
  end(): Promise<void>;
}

/** Puts a pager between a command and its terminal; without a screen, and before `keep`, everything is written at once. */
export function pagedOutput({ out, screen, around: { env } }: Terminal): PagedOutput {
  const pager = pagerOf(env);
  let kept: string | undefined;
  return {
    isTerminal: out.isTerminal,
    write: (text) => {
      if (kept === undefined) {
        out.write(text);
      } else {
        kept += text;
      }
    },
    keep: () => {
      kept = screen === null || pager === null ? undefined : "";
    },
    end: async () => {
      const text = kept ?? "";
      kept = undefined;
      if (text !== "" && !(await shownByPages(text, pager, screen))) {
        out.write(text);
      }
    },
  };
}

/** The pager's command line; null where none is wanted. */
function pagerOf(env: Terminal["around"]["env"]): string | null {
  const wanted = env["DOTM_PAGER"] ?? env["PAGER"] ?? "less -FRX";
  return /^(?:|cat)$/.test(wanted.trim()) || env["TERM"] === "dumb" ? null : wanted;
}

async function shownByPages(text: string, pager: string | null, screen: Screen | null): Promise<boolean> {
  const lines = text.split("\n").length;
  return pager !== null && screen !== null && lines > screen.rows ? screen.page(pager, text) : false;
}
