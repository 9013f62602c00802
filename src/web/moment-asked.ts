/** The time that an address asks for. */
import { DotmError } from "../errors.ts";
import { MOMENT_FORMS, parseMoment } from "../model/moment.ts";

/** A moment as it was asked for, Unix seconds. @throws DotmError DOTM_USAGE */
export function momentAsked(text: string, now: number): number {
  const moment = parseMoment(text, now);
  if (moment === undefined) {
    throw new DotmError("DOTM_USAGE", `“${text.slice(0, 60)}” is not a time.`, MOMENT_FORMS);
  }
  return moment;
}
