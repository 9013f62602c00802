/** The route of the audit log. */
import { z } from "zod";
import { auditEntry } from "../../../audit/read-audit.ts";
import { documentWith } from "../answers.ts";
import { type ApiRoute, reading } from "../api-route.ts";
import { documentOf, listOf } from "../schemas/common.ts";

const audit = reading({
  path: "/api/v1/audit",
  summary: "The last changes and refusals in the audit log of this process, oldest first; for admins",
  tag: "settings",
  needs: "admin",
  query: z.object({
    limit: z.coerce.number().int().min(1).max(1000).default(100).describe("Entries at most"),
  }),
  answer: documentOf("AuditList", { items: listOf(auditEntry.meta({ id: "AuditEntry" })) }),
  ask: async (deps, { query }) => documentWith("AuditList", { items: deps.audit.recent(query.limit) }),
});

/** All of them. */
export const auditRoutes: readonly ApiRoute[] = [audit];
