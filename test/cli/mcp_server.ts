// A server of `tracemalloc mcp` with files to ask about, and the client of the official SDK.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { Snapshot } from "../../src/snapshot/model/snapshot.ts";
import { root } from "../hosts/host.ts";
import { blocksAt, snapshotOf } from "../report/fixtures.ts";

const main = join(root, "src", "cli", "main.ts");

/** A tool's text, and whether it is an error. */
export type Ask = (
  name: string,
  given?: Record<string, unknown>,
) => Promise<{ text: string; isError: boolean }>;

/**
 * A folder `project` with snapshots and sources, one `elsewhere` beside it with what must not be read, and a server that was started
 * in the first.
 */
export async function withServer(
  use: (ask: Ask, context: { client: Client; folder: string; elsewhere: string }) => Promise<void>,
  { command = [process.execPath], more = [] }: { command?: readonly string[]; more?: readonly string[] } = {},
): Promise<void> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "tracemalloc-mcp-")));
  const [folder, elsewhere] = [join(base, "project"), join(base, "elsewhere")];
  for (const path of [folder, elsewhere, join(folder, "dumps")]) mkdirSync(path);
  writeFileSync(join(folder, "app.ts"), "const cache = [];\nexport const leak = () => cache.push({});\n");
  writeFileSync(join(elsewhere, "secret.ts"), "const key = 'hunter2';\n");
  writeFileSync(join(elsewhere, "s.txt"), "hunter2");
  symlinkSync(join(elsewhere, "secret.ts"), join(folder, "link.ts"));
  symlinkSync(elsewhere, join(folder, "out"));
  for (const [step, name] of ["a", "b", "c"].entries()) {
    const leak = blocksAt(10 * (step + 1), 1024, `${folder}/app.ts:2`, `${folder}/app.ts:1`);
    const others = [blocksAt(1, 100, `${elsewhere}/secret.ts:1`), blocksAt(1, 99, `${folder}/link.ts:1`)];
    const { columns } = snapshotOf(leak, ...others);
    new Snapshot(columns, { nframe: 25 }).dump(join(folder, "dumps", `${name}.pb.gz`));
  }
  snapshotOf(blocksAt(1, 8, "x.ts:1")).dump(join(elsewhere, "other.pb.gz"));
  const client = new Client({ name: "test", version: "1" });
  const [program, ...words] = command;
  try {
    const { NODE_OPTIONS, NODE_TEST_CONTEXT, ...inherited } = process.env as Record<string, string>;
    await client.connect(
      new StdioClientTransport({
        command: program!,
        args: [...words, main, "mcp", ...more],
        cwd: folder,
        env: inherited,
      }),
    );
    const ask: Ask = async (name, given) => {
      const { content, isError } = await client.callTool({ name, ...(given && { arguments: given }) });
      const [{ text }] = content as { text: string }[];
      return { text, isError: isError === true };
    };
    await use(ask, { client, folder, elsewhere });
  } finally {
    await client.close();
    rmSync(base, { recursive: true });
  }
}
