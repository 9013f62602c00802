/** Sources of type `push`: what others send by HTTP, as events or as alerts of Prometheus' Alertmanager. */
import { z } from "zod";
import type { PushConfig } from "../config-value.ts";
import { readSecret } from "../secret.ts";
import { type Locate, path, sourceKeys } from "./source-keys.ts";

/** What `dotm.yaml` may say of a `push`. */
export const pushSchema = z.strictObject({
  ...sourceKeys,
  type: z.literal("push").describe("Takes POST /api/v1/events and POST /api/v1/webhooks/alertmanager"),
  token_file: path
    .optional()
    .describe("File whose first line is the token a pusher must bring; default: only programs on this machine may push")
    .meta({ examples: ["/etc/dotm/alertmanager.token"] }),
  expect_within: z
    .int()
    .min(1)
    .max(315_360_000)
    .default(315_360_000)
    .describe("Seconds without a word after which what was pushed counts as stale; default: ten years"),
});

/** A `push` as everybody is handed it. */
export function pushConfig(written: z.output<typeof pushSchema>, locate: Locate): PushConfig {
  const { name, type, site = null, token_file: file, expect_within: staleAfter } = written;
  return { name, site, type, token: file === undefined ? null : readSecret(locate("token_file", file)), staleAfter };
}
