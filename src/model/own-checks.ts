/** The checks in the monitoring whose results DOTM itself writes. They are no word of others: none counts as a problem. */

/** What hits a host, and what DOTM itself finds wrong there; their names in the monitoring. */
export const OWN_CHECKS = { impact: "DOTM impact", alarms: "DOTM alarms" } as const;

/** The name of one of them. */
export type OwnCheck = (typeof OWN_CHECKS)[keyof typeof OWN_CHECKS];

/** Commands that ask DOTM, or stand in where it is silent: `check_dotm`, `check_dotm_host!…`, Icinga's `dotm`. */
const OWN_COMMAND = /^(?:\S*\/)?(?:check_dotm(?:_\w+)?|dotm(?:-\w+)?)(?:[!\s]|$)/;

/** Whether a check only tells what DOTM says. */
export function isOwnCheck(check: string | null, command: string | null): boolean {
  return check !== null && (isOwnName(check) || (command !== null && OWN_COMMAND.test(command)));
}

/** Whether a check is one whose results DOTM writes. */
export function isOwnName(check: string): check is OwnCheck {
  return check === OWN_CHECKS.impact || check === OWN_CHECKS.alarms;
}
