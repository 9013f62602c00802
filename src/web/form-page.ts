/** What pages with forms share: who may write, the door of a post, and the word about what was done. */
import type { Request, Response } from "express";
import { DotmError } from "../errors.ts";
import { callerOf, mayAs, type Role } from "./caller.ts";
import type { PageDeps } from "./page-frame.ts";
import { readForm } from "./read-form.ts";
import { asWrite } from "./response-headers.ts";
import { otherParameters } from "./url-contract.ts";
import { writer } from "./write-gate.ts";

/** A word above the page. */
export interface Flash {
  readonly text: string;
  readonly tone: "ok" | "warning";
  readonly bad: boolean;
}

/** Whether the asker may write, and what it would take. */
export interface May {
  readonly write: boolean;
  readonly needs: string;
}

/** Prepares a page with forms: its headers, and what the asker may do. */
export function formPage(request: Request, response: Response, deps: PageDeps, needed: Role = "editor"): May {
  asWrite(response);
  const caller = callerOf(request, deps.access);
  const write = "role" in caller && mayAs(caller.role, needed);
  const proxy = deps.access.proxy === null ? "" : ", a login as one of the proxy's editors";
  return {
    write,
    needs: `a token as the password (dotm token add NAME --role ${needed})${proxy}, or this machine itself`,
  };
}

/** What the page says after a post: `done` of the address it was sent on to. */
export function flashOf(query: string, words: (done: string) => string | undefined): Flash | undefined {
  const done = otherParameters(query).get("done");
  const text = done === null ? undefined : words(done);
  return text === undefined ? undefined : { text, tone: "ok", bad: false };
}

/** A post taken apart: who may not is answered here. `needed` may depend on what the form says. */
export async function takePost(
  request: Request,
  response: Response,
  deps: PageDeps,
  needed: (form: URLSearchParams) => Role,
  act: (form: URLSearchParams) => Promise<string>,
  again: (flash: Flash) => Promise<void>,
): Promise<void> {
  // The least is asked before the body is read.
  const caller = writer(request, response, deps, "editor");
  const form = "reason" in caller ? undefined : await readForm(request, response);
  if ("reason" in caller) {
    response.status(caller.status);
    if (caller.status === 401) {
      response.set("WWW-Authenticate", 'Basic realm="dotm", charset="UTF-8"');
    }
    await again({ text: caller.reason, tone: "warning", bad: true });
    return;
  }
  if (form === undefined) {
    return;
  }
  if (!mayAs(caller.role, needed(form))) {
    response.status(403);
    await again({
      text: `${caller.name} is an ${caller.role}; this needs an ${needed(form)}.`,
      tone: "warning",
      bad: true,
    });
    return;
  }
  try {
    response
      .status(303)
      .set("Location", await act(form))
      .end();
  } catch (error) {
    if (!(error instanceof DotmError && (error.code === "DOTM_USAGE" || error.code === "DOTM_NOT_FOUND"))) {
      throw error;
    }
    response.status(400);
    await again({ text: `${error.message} ${error.next}`.trim(), tone: "warning", bad: true });
  }
}
