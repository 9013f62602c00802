import fc from "fast-check";
import { expect, it } from "vitest";
import { newTask, taskFrom } from "../../src/store/task.ts";

it("reads what the original wrote", () => {
  const text =
    '{"id": "0b9d9a8e-52ab-4bd6-a1b9-9e3d5c3c2d11", "fn": "fetch_node", "args": ["web01"], "kwargs": {"force": true}}';
  expect(taskFrom(text)).toEqual({
    id: "0b9d9a8e-52ab-4bd6-a1b9-9e3d5c3c2d11",
    fn: "fetch_node",
    args: ["web01"],
    kwargs: { force: true },
  });
});

it.each(["", "nonsense", "[]", "null", "17", '{"args":[]}', '{"fn":7}'])("takes no task out of %j", (text) => {
  expect(taskFrom(text)).toBeUndefined();
});

it("takes no task out of what is nested so deep that it could be read and never be handed on", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  expect(taskFrom(`{"fn":"fetch_node","args":["web01"],"kwargs":{"more":${deep}}}`)).toBeUndefined();
});

it.each(["x", "a::b", "", 7, null])("does without an id that could not stand in a key: %j", (id) => {
  expect(taskFrom(JSON.stringify({ id, fn: "reload" }))).toEqual({ id: null, fn: "reload", args: [], kwargs: {} });
});

it("reads back what it writes, and never throws", () => {
  const task = newTask("reload", [1], { a: null });
  expect(taskFrom(JSON.stringify(task))).toEqual(task);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void taskFrom(text)));
});
