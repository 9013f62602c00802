/** Routes of mapping rules: what one would do, which are proposed, and how much is understood. */
import { z } from "zod";
import { askCoverage, askProposals } from "../../../mapping/ask-proposals.ts";
import { askRulePreview } from "../../../mapping/preview-rule.ts";
import { inSlices } from "../../../store/time-slices.ts";
import { documentWith } from "../answers.ts";
import { type ApiRoute, reading } from "../api-route.ts";
import { ruleCoverage, rulePreview, ruleSuggestions } from "../schemas/settings.ts";

const expression = z.string().min(1).max(1024);

const preview = reading({
  path: "/api/v1/rules/preview",
  summary: "What a mapping rule would do; nothing is stored",
  tag: "settings",
  query: z.object({
    check: expression.describe("Regular expression for the check's name, from its start"),
    process: expression.describe("Regular expression for the process, from its start"),
  }),
  answer: rulePreview,
  example: "check=MySQL&process=mysqld",
  ask: async ({ reader }, { query: { check, process } }) => {
    const { serviceMapping } = await reader.settings();
    const found = await askRulePreview(reader, { check, process }, serviceMapping, inSlices);
    return documentWith("RulePreview", found);
  },
});

const suggest = reading({
  path: "/api/v1/rules/suggestions",
  summary: "Rules for checks of which nothing is known, surest first, and how much is understood without them",
  tag: "settings",
  query: z.object({}),
  answer: ruleSuggestions,
  ask: async ({ reader }) => {
    const { suggestions, coverage } = await askProposals(reader, inSlices);
    const items = suggestions.map(({ rule, ...rest }) => ({ ...rule, ...rest }));
    return documentWith("RuleSuggestionList", { items, coverage });
  },
});

const coverage = reading({
  path: "/api/v1/rules/coverage",
  summary: "How much of the monitoring is understood; costs less than the proposals, which tell it, too",
  tag: "settings",
  query: z.object({}),
  answer: ruleCoverage,
  ask: async ({ reader }) => documentWith("RuleCoverage", await askCoverage(reader)),
});

/** All of them. */
export const ruleRoutes: readonly ApiRoute[] = [preview, suggest, coverage];
