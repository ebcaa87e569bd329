// Adds the packages of other platforms to package-lock.json, where the registry that it was made against has only this
// platform's: `npm ci` refuses a lock file without them. Run it after `npm install` has changed the lock file.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  cpu?: string[];
  os?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const path = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const lock = JSON.parse(readFileSync(path, "utf8")) as { packages: Record<string, LockedPackage> };

let added = 0;
for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] !== undefined) continue;
    // A range (`~2.3.2`) is met by its own lower end.
    const exact = /\d+\.\d+\.\d+\S*/.exec(version)?.[0];
    if (exact === undefined) throw new Error(`${name}: which version is ${version}?`);
    lock.packages[key] = { version: exact, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages added`);

/** `@deno/win32-x64` → `{ cpu: ["x64"], os: ["win32"] }` */
function platformOf(name: string): Pick<LockedPackage, "cpu" | "os" | "libc"> {
  if (/wasm32|wasi/.test(name)) return { cpu: ["wasm32"] };
  const os =
    /darwin|win32|windows|linux|freebsd|openbsd|netbsd|android|openharmony|sunos|aix/
      .exec(name)?.[0]
      .replace("windows", "win32") ?? (name.startsWith("fsevents") ? "darwin" : undefined);
  const cpu = /aarch64|arm64|x64|x86_64|ia32|loong64|mips64el|ppc64|riscv64|s390x|arm/
    .exec(name)?.[0]
    .replace("aarch64", "arm64")
    .replace("x86_64", "x64");
  const libc = /musl|glibc|gnu/.exec(name)?.[0].replace("gnu", "glibc");
  if (os === undefined) throw new Error(`${name}: for which platform?`);
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    os: [os],
    ...(os === "linux" && libc !== undefined && !name.includes("eabi") ? { libc: [libc] } : {}),
  };
}
