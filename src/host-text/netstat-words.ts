/** Words of `netstat` in the languages net-tools is translated to; what is not translated is printed in English. */
import type { SocketPhase } from "./socket-row.ts";

/** Upper case, blanks and dashes as `_`, accents as they are. From the translations cs, de, et, fr, ja and pt_BR. */
const STATES: ReadonlyMap<string, SocketPhase> = new Map([
  ...phase("established", "ESTABLISHED VERBUNDEN SPOJENO ESTABELECIDA ESTABELECIDO ESTABLECIDO ETABLIE ÉTABLIE 確立"),
  ...phase("listening", "LISTEN LISTENING NASLOUCHÁ OUÇA HÖRT ÉCOUTE ECOUTE ESCUCHAR"),
  ...phase("opening", "SYN_SENT SYN_RECV SYN_RCVD SYN_RECEIVED NEW_SYN_RECV SYN_ENVIADO SYN_RECEBIDO"),
  ...phase("closing", "FIN_WAIT1 FIN_WAIT2 FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT CLOSE CLOSED CLOSE_WAIT LAST_ACK CLOSING"),
  ...phase("closing", "ZAVŘEN POSLEDNÍ_ACK ZAVÍRÁ ESPERA_FIN1 ESPERA_FIN2 FECHAR ESPERANDO_FECHAR ÚLTIMO_ACK FECHANDO"),
]);

/** What a state says; undefined for a word we do not know. */
export function phaseOf(state: string): SocketPhase | undefined {
  return STATES.get(
    state
      .normalize("NFC")
      .toUpperCase()
      .replace(/[\s-]+/g, "_"),
  );
}

/**
 * The program of the last column: up to the first colon or blank, as processes write their doings behind their name
 * (`nginx: worker process`, `sshd: /usr/sbin/…`); without brackets and the dash of a login shell.
 */
export function programName(text: string): string | null {
  // Only the beginning of what a stranger sends: the expressions look at some of it again and again.
  const name = /^[-[({]*([^\s:]+)/.exec(text.trim().slice(0, 256))?.[1]?.replace(/[\])}]+$/, "");
  return name === undefined || name === "" ? null : name;
}

function phase(of: SocketPhase, words: string): [string, SocketPhase][] {
  return words.split(" ").map((word) => [word, of]);
}
