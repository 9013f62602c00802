/** Schemas of settings and mapping rules. */
import { z } from "zod";
import { SETTING_NAMES } from "../../../store/setting-rules.ts";
import { documentOf, listOf } from "./common.ts";

const entry = z
  .object({
    field: z.string().nullable().describe("Null where the setting has no fields"),
    value: z.string().describe("`***` where it is a secret"),
    origin: z.enum(["stored", "default"]),
  })
  .meta({ id: "SettingEntry" });

export const settingItem = z
  .object({
    name: z.enum(SETTING_NAMES),
    title: z.string(),
    description: z.string(),
    shape: z.enum(["hash", "list", "items"]).describe("hash: fields with values; list and items: values alone"),
    entries: listOf(entry).describe("What holds now"),
    problems: listOf(z.string()).describe("What is stored and cannot be used"),
  })
  .meta({ id: "Setting" });

export const settingAnswer = documentOf("SettingDocument", settingItem.shape);

const value = z.string().max(1024);

/** The whole of a setting. */
export const wholeSetting = z
  .object({ values: z.union([z.record(z.string().max(1024), value), z.array(value).max(10_000)]) })
  .describe("An object of fields for a hash, a list for the others");

/** One entry. */
export const oneEntry = z.object({
  value,
  field: z.string().max(1024).default("").describe("For a hash: its field"),
});

const matchedCheck = z.object({
  host: z.string(),
  check: z.string(),
  before: listOf(z.string()).describe("Services it is mapped to now"),
  after: listOf(z.string()).describe("Services it would be mapped to with the rule"),
});

/** What a rule would do. */
export const rulePreview = documentOf("RulePreview", {
  error: z.string().nullable().describe("Why the rule cannot be taken; null where it can"),
  checks: z.number().int().describe("Checks whose name matches"),
  changed: z.number().int().describe("Checks that would be mapped otherwise than now"),
  matches: listOf(matchedCheck).describe("The first of them, changed ones in front"),
});

const ruleSuggestion = z
  .object({
    check: z.string(),
    process: z.string(),
    checks: z.number().int(),
    hosts: listOf(z.string()),
    confidence: z.number(),
    reason: z.string(),
  })
  .meta({ id: "RuleSuggestion" });

const coverage = z.object({
  checks: z.number().int(),
  mapped: z.number().int(),
  none: z.number().int().describe("Known to speak of no service"),
  unmapped: z.number().int(),
  share: z.number(),
});

export const ruleCoverage = documentOf("RuleCoverage", coverage.shape);

export const ruleSuggestions = documentOf("RuleSuggestionList", { items: listOf(ruleSuggestion), coverage });
