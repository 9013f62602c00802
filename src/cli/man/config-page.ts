/** dotm.yaml(5), made from the schema of the configuration. */
import type { JsonSchema } from "../../config/schema.ts";
import { bold, roffText, section, term, titleLine } from "./roff.ts";

/** The page. */
export function configPage(schema: JsonSchema, version: string): string {
  return [
    titleLine("dotm.yaml", 5, version),
    section("Name", "dotm.yaml \\- how DOTM runs\n"),
    section("Description", DESCRIPTION),
    section(
      "Keys",
      Object.entries(schema.properties ?? {})
        .map(([key, below]) => keyText([key], below))
        .join(""),
    ),
    section("See also", `${bold("dotm")}(1)\n`),
  ].join("");
}

const DESCRIPTION = `YAML. DOTM reads the first of these: ${bold("--config")} \\fIFILE\\fR, ${bold("$DOTM_CONFIG")}, ${bold("./dotm.yaml")},
${bold("/etc/dotm/dotm.yaml")}; then the files of ${bold("conf.d")} beside it, by name. A flag wins over the environment
(DOTM_REDIS__URL is redis.url), the environment over the file. Unknown keys are errors.
.PP
${bold("dotm config check")} says what is wrong, with line and column; ${bold("dotm config show --origin")} what holds and where it was
written; ${bold("dotm config default")} prints a whole file with comments.
.PP
What people tune while DOTM runs (rules, aliases, ages) are settings in Redis: see ${bold("dotm settings")} in dotm(1).
`;

function keyText(path: readonly string[], schema: JsonSchema): string {
  const inner = Object.entries(schema.properties ?? {});
  const own = term(bold(path.join(".")), sentences(schema));
  return own + inner.map(([key, below]) => keyText([...path, key], below)).join("") + itemsText(path, schema.items);
}

/** The keys of the items of a list; where these differ by type, of each type. */
function itemsText(path: readonly string[], items: JsonSchema | undefined): string {
  return (items?.oneOf ?? (items?.properties === undefined ? [] : [items])).map((one) => itemText(path, one)).join("");
}

function itemText(path: readonly string[], item: JsonSchema): string {
  const { type, ...keys } = item.properties ?? {};
  const title =
    type?.const === undefined ? `Each of ${path.join(".")}` : `${path.join(".")}: type ${String(type.const)}`;
  return `.SS ${roffText(title)}\n${Object.entries(keys)
    .map(([key, below]) => keyText([key], below))
    .join("")}`;
}

function sentences({ description = "", enum: choices, default: preset, examples, properties }: JsonSchema): string {
  const one = choices === undefined ? "" : ` One of ${choices.map(String).join(", ")}.`;
  const isSaid = properties === undefined && preset !== undefined && !(Array.isArray(preset) && preset.length === 0);
  const example =
    properties === undefined && !isSaid && examples?.[0] !== undefined ? ` Example: ${written(examples[0])}` : "";
  return `${description}.${one}${isSaid ? ` Default: ${written(preset)}` : ""}${example}`;
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
