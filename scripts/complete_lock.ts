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
    if (lock.packages[key] !== undefined || !/^\d/.test(version)) continue;
    lock.packages[key] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages added`);

/** `@deno/win32-x64` → `{ cpu: ["x64"], os: ["win32"] }` */
function platformOf(name: string): Pick<LockedPackage, "cpu" | "os" | "libc"> {
  const os = /darwin|win32|windows|linux|freebsd|android/.exec(name)?.[0].replace("windows", "win32");
  const cpu = /aarch64|arm64|x64|x86_64/.exec(name)?.[0].replace("aarch64", "arm64").replace("x86_64", "x64");
  const libc = /musl|glibc/.exec(name)?.[0];
  if (os === undefined || cpu === undefined) throw new Error(`${name}: for which platform?`);
  return { cpu: [cpu], os: [os], ...(libc === undefined ? {} : { libc: [libc] }) };
}
