/** Colours of states that come as text. */
import { CHECK_STATES, HOST_STATES } from "../model/state.ts";
import { type Tone, toneOf } from "../render/palette.ts";

/** The tone of a text that is a state; undefined for any other. */
export function stateTone(text: string, isState: boolean): Tone | undefined {
  const state = [...CHECK_STATES, ...HOST_STATES].find((each) => each === text);
  return isState && state !== undefined ? toneOf(state) : undefined;
}
