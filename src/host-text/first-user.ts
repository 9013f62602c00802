/** Whose a socket is, as `ss -p` tells it: `users:(("php-fpm",pid=602,fd=9),…)`. */
import { programName } from "./netstat-words.ts";

const BEGIN = 'users:(("';
const END = '",pid=';

/** The process named first among those that hold a socket: the one that opened it where workers inherited it. */
export function firstUser(text: string): string | null {
  const begin = text.indexOf(BEGIN);
  const from = begin + BEGIN.length;
  const to = begin < 0 ? -1 : text.indexOf(END, from);
  return to < 0 ? null : programName(text.slice(from, to));
}
