/** Typed arrays cannot grow: what one held goes on in a longer one, whose further places are 0. */
export function enlarged<A extends Int32Array | Uint32Array | Uint16Array | Uint8Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
