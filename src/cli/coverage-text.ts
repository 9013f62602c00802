/** The coverage of the mapping in one sentence. */
import type { Coverage } from "../mapping/coverage.ts";

/** `Coverage: 87 % of 1200 checks: 700 speak of a service, 344 of none, 156 are not understood.` */
export function coverageText({ checks, mapped, none, unmapped, share }: Coverage): string {
  // Rounded down, so that 100 % is said only where nothing is left.
  const percent = Math.floor(share * 100);
  return (
    `Coverage: ${percent} % of ${checks === 1 ? "1 check" : `${checks} checks`}: ` +
    `${mapped} mapped to services, ${none} known to speak of none, ${unmapped} not understood.`
  );
}
