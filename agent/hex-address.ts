/** Addresses as people write them to the words of /proc/net/tcp. */
import { isIP } from "node:net";

/** The hexadecimal words of an address, in the byte order of the machine; undefined where it is none. */
export function hexAddress(address: string, endianness: "LE" | "BE"): string | undefined {
  const kind = isIP(address);
  const bytes = kind === 4 ? bytesOfV4(address) : bytesOfV6(address);
  if (kind === 0) {
    return undefined;
  }
  let text = "";
  for (let i = 0; i < bytes.length; i += 4) {
    const word = bytes.slice(i, i + 4);
    for (const byte of endianness === "LE" ? word.reverse() : word) {
      text += byte.toString(16).toUpperCase().padStart(2, "0");
    }
  }
  return text;
}

function bytesOfV4(address: string): number[] {
  return address.split(".").map(Number);
}

function bytesOfV6(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const before = partsOf(head);
  const after = tail === undefined ? [] : partsOf(tail);
  return [...before, ...new Array<number>(Math.max(0, 16 - before.length - after.length)).fill(0), ...after];
}

function partsOf(text: string): number[] {
  const parts = text === "" ? [] : text.split(":");
  return parts.flatMap((part) => {
    const group = Number.parseInt(part, 16);
    return part.includes(".") ? bytesOfV4(part) : [group >> 8, group & 255];
  });
}
