/** Runs the contenders of one row in turn, round by round, so that a busy moment of the machine hits them all alike. */

/**
 * @typedef {object} Context
 * @property {string} folder temporary folder shared by all rows of the run; removed at its end
 * @property {string} root folder of package.json
 * @property {(text: string) => void} say progress, for people
 */

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {(state: any, round: number) => Promise<number | undefined>} run
 *   one measurement in the row's unit; undefined where the contender is not installed, which leaves it out
 */

/**
 * @typedef {object} Row
 * @property {string} name letters and dashes; `--only` looks for it
 * @property {string} title one line: what is measured, on what data
 * @property {string} unit of all values, such as `ms` or `MiB`
 * @property {boolean} [moreIsBetter]
 * @property {number} rounds how many count; one more is run first to warm caches
 * @property {boolean} [cold] none is run first: each begins with a process of its own, and takes minutes
 * @property {string} reference name of the contender that is 1
 * @property {(context: Context) => Promise<any>} [prepare] its result goes to every `run`
 * @property {Contender[]} contenders
 * @property {(state: any) => Promise<void>} [cleanup]
 * @property {Goal[]} [goals]
 * @property {string} [note] shown under the table
 */

/**
 * @typedef {object} Goal
 * @property {string} contender whose ratio to `against` counts
 * @property {string} [against] the reference where absent
 * @property {number} floor must hold
 * @property {number} [moonshot] what we want
 */

/**
 * Samples by contender, one per round, in the order of the contenders.
 *
 * @param {Row} row
 * @param {number} rounds
 * @param {Context} context
 * @returns {Promise<Map<string, number[]>>}
 */
export async function measureRow(row, rounds, context) {
  const samples = new Map(row.contenders.map(({ name }) => [name, []]));
  const state = await row.prepare?.(context);
  try {
    for (let round = row.cold === true ? 1 : 0; round <= rounds; round += 1) {
      context.say(round === 0 ? "warming up" : `round ${round} of ${rounds}`);
      for (const contender of inTurn(row.contenders, round)) {
        const value = await contender.run(state, round);
        if (value === undefined) {
          samples.delete(contender.name);
        } else if (round > 0) {
          samples.get(contender.name)?.push(value);
        }
      }
    }
  } finally {
    await row.cleanup?.(state);
  }
  return samples;
}

/** Each round begins with another contender: whoever runs first finds colder caches. */
function inTurn(contenders, round) {
  const first = round % contenders.length;
  return [...contenders.slice(first), ...contenders.slice(0, first)];
}
