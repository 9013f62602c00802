/** What stands in `dotm::queue`: the shape of the original, `{"id","fn","args","kwargs"}`. */
import { randomUUID } from "node:crypto";

/** One task. */
export interface Task {
  /** A UUID, by which the result is found; null where nobody asks for one. */
  readonly id: string | null;
  readonly fn: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Workers that cannot do it and handed it on; absent where none did. */
  readonly declined?: readonly string[];
}

/** How a task stands. */
export type TaskStatus = "pending" | "processing" | "ready";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A new task with an id of its own. */
export function newTask(fn: string, args: readonly unknown[] = [], kwargs: Task["kwargs"] = {}): Task & { id: string } {
  return { id: randomUUID(), fn, args, kwargs };
}

/** Reads a task; undefined where it is none. */
export function taskFrom(text: string): Task | undefined {
  const value = parsed(text);
  if (typeof value !== "object" || value === null || !("fn" in value) || typeof value.fn !== "string") {
    return undefined;
  }
  const { id, fn, args, kwargs, declined } = value as Partial<Task> & { readonly fn: string };
  return {
    id: typeof id === "string" && UUID.test(id) ? id.toLowerCase() : null,
    fn,
    args: Array.isArray(args) ? args : [],
    kwargs: typeof kwargs === "object" && kwargs !== null && !Array.isArray(kwargs) ? kwargs : {},
    ...(Array.isArray(declined) ? { declined: declined.filter((each) => typeof each === "string") } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // What is nested too deep is read and cannot be written: whoever hands it on would fail at it for ever.
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}
