import { describe, expect, it } from "vitest";

interface Installing {
  readonly nodeTooOld: (version: string) => string | undefined;
  readonly missingPackage: (lock: object, installed: object) => string | undefined;
}

const file = new URL("../../bin/install-if-needed.js", import.meta.url);
const { nodeTooOld, missingPackage } = (await import(file.href)) as Installing;

describe("npm start and npm test, before anything else", () => {
  it("say which Node is needed", () => {
    expect(nodeTooOld("18.20.4")).toContain("DOTM needs Node 20.19 or newer; this is Node 18.20.4.");
    expect(nodeTooOld("20.18.3")).toBeDefined();
    expect(nodeTooOld("20.19.0")).toBeUndefined();
    expect(nodeTooOld("26.0.0")).toBeUndefined();
  });

  it("find the package that is missing or has another version than the lock names", () => {
    const lock = {
      packages: {
        "": { name: "dotm" },
        "node_modules/commander": { version: "14.0.3" },
        "node_modules/a/node_modules/b": { version: "1.0.0" },
        "node_modules/only-windows": { version: "1.0.0", optional: true },
      },
    };
    const commander = { "node_modules/commander": { version: "14.0.3" } };
    const b = { "node_modules/a/node_modules/b": { version: "1.0.0" } };
    expect(missingPackage(lock, {})).toBe("commander");
    expect(missingPackage(lock, { packages: { ...commander } })).toBe("b");
    expect(missingPackage(lock, { packages: { ...commander, ...b } })).toBeUndefined();
    expect(missingPackage(lock, { packages: { ...b, "node_modules/commander": { version: "14.0.2" } } })).toBe(
      "commander",
    );
  });
});
