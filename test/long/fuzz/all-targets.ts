/** Every parser that foreign input reaches. */
import { HOST_TARGETS } from "./host-targets.ts";
import { MONITORING_TARGETS } from "./monitoring-targets.ts";
import { OWN_TARGETS } from "./own-targets.ts";
import type { Target } from "./target.ts";

/** All of them, by name. */
export const PARSER_TARGETS: readonly Target[] = [...MONITORING_TARGETS, ...HOST_TARGETS, ...OWN_TARGETS];
