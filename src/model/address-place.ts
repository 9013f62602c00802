/** Where addresses lie on the earth, as a database tells it. */

/** Where an address lies. */
export interface AddressPlace {
  readonly latitude: number;
  readonly longitude: number;
  /** `Berlin, Germany`, as far as that is known; else empty. */
  readonly name: string;
}

/** What a database says of addresses, or why it says nothing. */
export interface AddressPlaces {
  /** Undefined for addresses that the database does not know. */
  readonly find: (address: string) => AddressPlace | undefined;
  /** What it is and how old, and what its makers ask to be said; empty where there is none. */
  readonly about: string;
  /** What is wrong with it, a sentence; empty where nothing is. */
  readonly fault: string;
}
