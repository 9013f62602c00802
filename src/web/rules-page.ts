/** `/rules`: the user's mapping rules, what a new one would match, and which ones DOTM proposes. */
import type { Request, Response } from "express";
import { askProposals } from "../mapping/ask-proposals.ts";
import { askRulePreview, type RulePreview } from "../mapping/preview-rule.ts";
import type { RuleSuggestion } from "../mapping/suggest-rules.ts";
import { encodePart } from "../render/graph-link.ts";
import { inSlices } from "../store/time-slices.ts";
import { type Flash, type FormPage, flashOf, formPage } from "./form-page.ts";
import { linkTo } from "./links.ts";
import { askingOf, frameOf, type PageDeps } from "./page-frame.ts";
import { otherParameters } from "./url-contract.ts";
import { viewQuery } from "./view-parameters.ts";

/** Proposals listed. */
const MOST = 100;

/** `/rules`. */
export const RULES_PAGE: FormPage = {
  needed: () => "editor",
  act: async ({ settings }, form) => {
    const check = form.get("check") ?? "";
    if (form.get("action") === "remove") {
      await settings.remove("service_mapping", check);
      return "rules?done=removed";
    }
    await settings.add("service_mapping", form.get("process") ?? "", check);
    return "rules?done=taken";
  },
  show,
};

const WORDS: Readonly<Record<string, string>> = {
  taken: "The rule is taken; a running DOTM goes by it within 2 s.",
  removed: "The rule is removed; a running DOTM goes by that within 2 s.",
};

async function show(deps: PageDeps, request: Request, response: Response, failed: Flash | undefined): Promise<void> {
  const may = await formPage(request, response, deps);
  const asking = askingOf(request, deps);
  const { root, view } = asking;
  const parameters = otherParameters(asking.query);
  const [check, process] = ["check", "process"].map((name) => (parameters.get(name) ?? "").slice(0, 1024));
  const { serviceMapping } = await deps.reader.settings();
  const asked =
    check && process ? await askRulePreview(deps.reader, { check, process }, serviceMapping, inSlices) : undefined;
  const { suggestions, coverage } = await askProposals(deps.reader, inSlices);
  const suffix = viewQuery(view);
  const tryHref = (rule: { readonly check: string; readonly process: string }) =>
    `?check=${encodePart(rule.check)}&process=${encodePart(rule.process)}${suffix}#preview`;
  response.send(
    deps.render("rules", {
      frame: frameOf(deps, asking, { title: "Rules", page: "rules", still: true }),
      search: "",
      flash: failed ?? flashOf(asking.query, (done) => WORDS[done]),
      may,
      ...{ check, process },
      preview: asked === undefined ? undefined : previewOf(asked, root, suffix),
      isTaken: serviceMapping.some((rule) => rule.check === check && rule.process === process),
      rules: serviceMapping.map((rule) => ({ ...rule, href: tryHref(rule), write: may.write })),
      suggestions: suggestions.slice(0, MOST).map((each) => suggestionOf(each, tryHref(each.rule), may.write)),
      more: Math.max(0, suggestions.length - MOST),
      coverage: { ...coverage, percent: Math.floor(coverage.share * 100) },
    }),
  );
}

function previewOf({ error, checks, changed, matches }: RulePreview, root: string, suffix: string) {
  return {
    error,
    sentence: sentenceOf(checks, changed),
    matches: matches.map((match) => ({
      host: match.host,
      check: match.check,
      href: linkTo(root, match, suffix),
      before: match.before.join(", ") || "no service",
      after: match.after.join(", ") || "no service",
      isChanged: match.before.join() !== match.after.join(),
    })),
    left: checks - matches.length,
  };
}

function sentenceOf(checks: number, changed: number): string {
  if (checks === 0) {
    return "It matches no check.";
  }
  const all = checks === 1 ? "It matches 1 check" : `It matches ${checks} checks`;
  return changed === 0
    ? `${all}, and changes none: they are mapped so already, or no process of their host matches.`
    : `${all}, and maps ${changed} of them otherwise than now.`;
}

function suggestionOf({ rule, checks, hosts, confidence, reason }: RuleSuggestion, href: string, write: boolean) {
  const named = hosts.slice(0, 3).join(", ");
  return {
    ...{ ...rule, checks, reason, href, write },
    hosts: hosts.length > 3 ? `${named} and ${hosts.length - 3} more` : named,
    percent: Math.round(confidence * 100),
  };
}
