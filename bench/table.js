/** Turns the samples of one row into its section of bench/results.md. */

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The section, and whether every floor holds. Ratios are the median of the rounds' own ratios: a round in which the
 * machine was busy is slow for both sides.
 *
 * @param {import("./rounds.js").Row} row
 * @param {Map<string, number[]>} samples
 */
export function rowReport(row, samples) {
  const lines = [...samples].map(([name, values]) => [
    name,
    ...[Math.min(...values), median(values), Math.max(...values)].map(shortNumber),
    ratioText(samples, name, row.reference),
  ]);
  const head = ["", `min ${row.unit}`, "median", "max", `× ${row.reference}`];
  const goals = (row.goals ?? []).map((goal) => goalLine(row, goal, samples));
  const text = [
    `## ${row.name}`,
    `${row.title}. ${row.moreIsBetter ? "More" : "Less"} is better.`,
    markdownTable([head, ...lines]),
    goals.map((goal) => `- ${goal.text}`).join("\n"),
    row.note ?? "",
  ];
  return {
    name: row.name,
    ok: goals.every((goal) => goal.holds),
    text: `${text.filter((part) => part !== "").join("\n\n")}\n`,
  };
}

function goalLine(row, goal, samples) {
  const against = goal.against ?? row.reference;
  const ratio = ratioOf(samples, goal.contender, against);
  const sign = row.moreIsBetter ? "≥" : "≤";
  const reached = (limit) => (row.moreIsBetter ? ratio >= limit : ratio <= limit);
  if (ratio === undefined) {
    return { holds: true, text: `${goal.contender} / ${against}: not measured here` };
  }
  const holds = reached(goal.floor);
  const moonshot =
    goal.moonshot === undefined ? "" : `, moonshot ${sign} ${goal.moonshot}: ${yes(reached(goal.moonshot))}`;
  return {
    holds,
    text: `${goal.contender} / ${against} = ${shortNumber(ratio)}; floor ${sign} ${goal.floor}: ${holds ? "holds" : "MISSED"}${moonshot}`,
  };
}

function yes(reached) {
  return reached ? "reached" : "not yet";
}

function ratioText(samples, name, reference) {
  const ratio = ratioOf(samples, name, reference);
  return ratio === undefined ? "" : shortNumber(ratio);
}

function ratioOf(samples, name, reference) {
  const mine = samples.get(name);
  const theirs = samples.get(reference);
  return mine === undefined || theirs === undefined
    ? undefined
    : median(mine.map((value, round) => value / theirs[round]));
}

/** Three digits that mean something. */
function shortNumber(value) {
  if (value === 0 || Math.abs(value) >= 100) {
    return Math.round(value).toLocaleString("en-US");
  }
  return `${Number(value.toPrecision(3))}`;
}

function markdownTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(" | ")} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join("\n");
}
