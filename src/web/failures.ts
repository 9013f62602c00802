/** Answers where something went wrong: pages for people, `application/problem+json` for programs, never a stack. */
import type { NextFunction, Request, Response } from "express";
import { DotmError, type ErrorCode, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { pathOf } from "./base-path.ts";
import { askingOf, frameOf, type PageDeps } from "./page-frame.ts";

/** A failure as people are told it. */
export interface Cause {
  readonly status: number;
  readonly title: string;
  readonly sentence: string;
  /** The next step, empty where there is none. */
  readonly next: string;
}

/** What errors of ours mean to who asked; others are failures. */
const MEANING: Partial<Record<ErrorCode, readonly [status: number, title: string]>> = {
  DOTM_USAGE: [400, "Not understood"],
  DOTM_NOT_FOUND: [404, "Not found"],
  DOTM_AUDIT_FAILED: [503, "Not written down"],
  DOTM_CONFIG_INVALID: [503, "Not set up"],
  DOTM_STORE_FAILED: [503, "The store cannot be used"],
  DOTM_BUSY: [503, "Too much at once"],
};

/** Seconds after which to ask again where something is away that comes back. */
const AGAIN_IN = "5";

/** What to tell of an error. What is not ours to explain stays in the log. */
export function causeOf(error: unknown): Cause {
  if (error instanceof DotmError && error.code === "DOTM_STORE_UNREACHABLE") {
    return {
      status: 503,
      title: "The store is away",
      sentence: `The picture cannot be read: ${error.message}`,
      next: error.next === "" ? "See: dotm doctor" : error.next,
    };
  }
  if (error instanceof DotmError) {
    const [status, title] = MEANING[error.code] ?? [500, "Failed"];
    return { status, title, sentence: error.message, next: error.next };
  }
  const status = statusOf(error);
  if (status !== undefined) {
    return { status, title: "Bad request", sentence: "The request cannot be read.", next: "" };
  }
  return {
    status: 500,
    title: "Failed",
    sentence: "Something went wrong inside DOTM; its log says what.",
    next: "See: dotm doctor",
  };
}

/** Answers in JSON as RFC 9457 has it. */
export function sendProblem(
  response: Response,
  status: number,
  title: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): void {
  response.status(status).type("application/problem+json");
  response.send(JSON.stringify({ type: "about:blank", title, status, detail, ...more }));
}

/** Whether the asker is a program. */
function wantsJson(request: Request): boolean {
  return /^\/(?:api\/|(?:healthz|readyz|backend|compat)(?:\/|$))/.test(pathOf(request.url));
}

/** The last handler: nothing else answered. */
export function notFound(deps: PageDeps) {
  return (request: Request, response: Response): void => {
    const path = pathOf(request.url);
    if (wantsJson(request)) {
      sendProblem(response, 404, "Not found", `There is nothing at ${path}.`, { next: "See /api" });
      return;
    }
    errorPage(deps, request, response, {
      status: 404,
      title: "Not found",
      sentence: `There is no page ${path}.`,
      next: "",
    });
  };
}

/** The handler of everything thrown. */
export function failed(deps: PageDeps) {
  return answered(deps.logger, (request, response, cause) => {
    if (wantsJson(request)) {
      causeAsProblem(response, cause);
    } else {
      errorPage(deps, request, response, cause);
    }
  });
}

/** The same where only programs ask; left to Express, who asked would be told the stack. */
export function failedAtDoor(logger: FailureLog) {
  return answered(logger, (_request, response, cause) => causeAsProblem(response, cause));
}

type Answer = (request: Request, response: Response, cause: Cause) => void;

function answered(logger: FailureLog, answer: Answer) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    const cause = causeOf(error);
    noteFailure(logger, request.url, error, cause);
    if (response.headersSent) {
      next(error);
      return;
    }
    response.removeHeader("ETag");
    response.set({ "Cache-Control": "no-store", ...(cause.status === 503 ? { "Retry-After": AGAIN_IN } : {}) });
    answer(request, response, cause);
  };
}

/** Where failures are written down. */
export type FailureLog = Pick<Logger, "error">;

/**
 * Writes down what failed on our side, and where in the code if nobody thought of it. Crowds are counted; a line for each of them
 * would fill the log.
 */
export function noteFailure(logger: FailureLog, url: string, error: unknown, { status } = causeOf(error)): void {
  const isCrowd = error instanceof DotmError && error.code === "DOTM_BUSY";
  if (status < 500 || isCrowd) {
    return;
  }
  const stack = error instanceof Error && status === 500 ? error.stack : undefined;
  logger.error({ path: pathOf(url), status, error: messageOf(error), stack }, "cannot answer a request");
}

function causeAsProblem(response: Response, { status, title, sentence, next }: Cause): void {
  sendProblem(response, status, title, sentence, next === "" ? {} : { next });
}

function errorPage(deps: PageDeps, request: Request, response: Response, cause: Cause): void {
  const asking = askingOf(request, deps);
  response.status(cause.status);
  response.send(deps.render("error", { frame: frameOf(deps, asking, { title: cause.title }), ...cause }));
}

function statusOf(error: unknown): number | undefined {
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  return typeof status === "number" && status >= 400 && status < 500 ? status : undefined;
}
