/** What pages with forms share: who may write, the door of a post, and the word about what was done. */
import type { Request, Response } from "express";
import { DotmError } from "../errors.ts";
import type { Editing } from "./app-deps.ts";
import { callerOf, mayAs, type Role } from "./caller.ts";
import type { PageDeps } from "./page-frame.ts";
import { readForm } from "./read-form.ts";
import { asWrite } from "./response-headers.ts";
import { otherParameters } from "./url-contract.ts";
import { noteRefusal, roleRefusal, writer } from "./write-gate.ts";

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
export async function formPage(
  request: Request,
  response: Response,
  deps: PageDeps,
  needed: Role = "editor",
): Promise<May> {
  asWrite(response);
  const caller = await callerOf(request, deps.access);
  const write = "role" in caller && mayAs(caller.role, needed);
  const proxy = deps.access.proxy === null ? "" : ", a login as one of the proxy's editors";
  const password = deps.access.passwords === null ? "" : "the name and password of an editor, ";
  return {
    write,
    needs: `${password}a token as the password (dotm token add NAME --role ${needed})${proxy}, or this machine itself`,
  };
}

/** What the page says after a post: `done` of the address it was sent on to. */
export function flashOf(query: string, words: (done: string) => string | undefined): Flash | undefined {
  const done = otherParameters(query).get("done");
  const text = done === null ? undefined : words(done);
  return text === undefined ? undefined : { text, tone: "ok", bad: false };
}

/** A page with forms. */
export interface FormPage {
  /** What a post needs; it may depend on what the form says. */
  readonly needed: (form: URLSearchParams) => Role;
  /** Does what the form says; returns where to go on. */
  readonly act: (editing: Editing, form: URLSearchParams) => Promise<string>;
  /** Shows the page, with what a post failed for. */
  readonly show: (deps: PageDeps, request: Request, response: Response, failed: Flash | undefined) => Promise<void>;
}

type Handler = (request: Request, response: Response) => Promise<void>;

/** The handlers of such a page. */
export function formHandlers(deps: PageDeps, page: FormPage): { readonly get: Handler; readonly post: Handler } {
  return {
    get: (request, response) => page.show(deps, request, response, undefined),
    post: (request, response) => takePost(request, response, deps, page),
  };
}

/** A post taken apart: who may not is answered here. */
async function takePost(
  request: Request,
  response: Response,
  deps: PageDeps,
  { needed, act, show }: FormPage,
): Promise<void> {
  const again = (text: string) => show(deps, request, response, { text, tone: "warning", bad: true });
  // The least is asked before the body is read.
  const writing = await writer(request, response, deps, "editor");
  if ("reason" in writing) {
    response.status(writing.status);
    if (writing.status === 401) {
      response.set("WWW-Authenticate", 'Basic realm="dotm", charset="UTF-8"');
    }
    await again(writing.reason);
    return;
  }
  const form = await readForm(request, response);
  if (form === undefined) {
    return;
  }
  const { caller, editing } = writing;
  const refusal = roleRefusal(caller, needed(form));
  if (refusal !== undefined) {
    noteRefusal(request, deps, caller, refusal.reason);
    response.status(refusal.status);
    await again(refusal.reason);
    return;
  }
  try {
    response
      .status(303)
      .set("Location", await act(editing, form))
      .end();
  } catch (error) {
    if (!(error instanceof DotmError && (error.code === "DOTM_USAGE" || error.code === "DOTM_NOT_FOUND"))) {
      throw error;
    }
    response.status(400);
    await again(`${error.message} ${error.next}`.trim());
  }
}
