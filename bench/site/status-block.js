/** Text of the blocks of a status file. */

/** One block of any kind. */
export function blockText(kind, fields) {
  let lines = `${kind} {\n`;
  for (const key in fields) {
    lines += `\t${key}=${fields[key]}\n`;
  }
  return `${lines}\t}\n\n`;
}

/** Writes one block of any kind. */
export function block(write, kind, fields) {
  write(blockText(kind, fields));
}
