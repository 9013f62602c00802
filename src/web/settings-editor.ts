/** What pages and the API need of the settings' store; errors of its methods tell people what is wrong. */
import type { SettingsStore } from "../store/settings-store.ts";

export type SettingsEditor = Pick<SettingsStore, "inspect" | "entries" | "set" | "add" | "remove" | "replace">;
