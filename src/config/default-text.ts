/** The text of `dotm config default`: every key with its meaning and default, made from the schema. */
import { stringify } from "yaml";
import { configJsonSchema, type JsonSchema } from "./schema.ts";

const HEAD = `# DOTM reads the first of these: --config FILE, $DOTM_CONFIG, ./dotm.yaml, /etc/dotm/dotm.yaml (then conf.d/*.yaml).
# A flag wins over the environment (DOTM_REDIS__URL is redis.url), the environment over the file, the file over what
# stands here. Lines that begin with "#" and a key are examples. Check a change with: dotm config check
`;

/** A complete, commented configuration that says nothing but the defaults. */
export function defaultConfigText(): string {
  const sections = Object.entries(configJsonSchema().properties ?? {}).map(([key, schema]) => section(key, schema, ""));
  return `${HEAD}\n${sections.join("\n")}`;
}

function section(key: string, schema: JsonSchema, indent: string): string {
  const comment = schema.description === undefined ? "" : `${indent}# ${schema.description}\n`;
  const inner = Object.entries(schema.properties ?? {});
  // What has an example as a whole is said as a whole or not at all.
  if (inner.length > 0 && schema.examples === undefined) {
    const lines = inner.map(([name, below]) => section(name, below, `${indent}  `));
    return `${comment}${indent}${key}:\n${lines.join("")}`;
  }
  return `${comment}${choices(schema, indent)}${value(key, schema, indent)}`;
}

function choices(schema: JsonSchema, indent: string): string {
  return schema.enum === undefined ? "" : `${indent}# One of ${schema.enum.map(String).join(", ")}\n`;
}

function value(key: string, schema: JsonSchema, indent: string): string {
  const example = schema.examples?.[0];
  const hasDefault = schema.default !== undefined;
  const isEmptyList = Array.isArray(schema.default) && schema.default.length === 0;
  if (hasDefault && !(isEmptyList && example !== undefined)) {
    return written(key, schema.default, indent);
  }
  return example === undefined ? "" : written(key, example, `${indent}#`);
}

function written(key: string, content: unknown, indent: string): string {
  const lines = stringify({ [key]: content }, { lineWidth: 0 })
    .trimEnd()
    .split("\n");
  return `${lines.map((line) => indent + line).join("\n")}\n`;
}
