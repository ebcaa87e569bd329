import { workingFolder } from "../host/working_folder.ts";
import { InputError } from "./cli_error.ts";
import { expectOperands, parseCommand } from "./command_line.ts";
import { writeMessage } from "./output.ts";

const FLAGS = {
  readOnly: {
    type: Boolean,
    default: false,
    description: "Without hunt, the one tool that starts programs and writes files",
  },
} as const;

/** `tracemalloc mcp`: the views as tools for agents, over standard input and output. */
export async function mcp(argv: readonly string[]): Promise<number> {
  const { flags, operands } = parseCommand(
    {
      name: "mcp",
      description:
        "Serves the views as tools of the Model Context Protocol, over standard input and output; reads files below one folder, and no others (default: the one it is started in)",
      usage: "[options] [FOLDER]",
      examples: ["claude mcp add tracemalloc -- npx tracemalloc mcp"],
      flags: FLAGS,
    },
    argv,
  );
  if (operands.length > 1) expectOperands(operands, ["FOLDER"]);
  const folder = operands[0] ?? workingFolder();
  if (folder === null) throw new InputError("the working directory does not exist any more");
  const { StdioServerTransport } = await loadTransport();
  const { Reader } = await import("./mcp/reader.ts");
  const { createServer } = await import("./mcp/server.ts");
  const reader = new Reader(folder);
  const server = await createServer(reader, flags.readOnly);
  const ended = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
    server.onclose = resolve;
  });
  await server.connect(new StdioServerTransport());
  if (process.stdin.isTTY === true)
    writeMessage("an agent speaks to this command over standard input; Ctrl-C ends it (docs/agents.md)");
  await ended;
  await server.close();
  return 0;
}

/** The package is the user's: nobody who does not ask for this command has to have it. */
async function loadTransport(): Promise<typeof import("@modelcontextprotocol/sdk/server/stdio.js")> {
  try {
    return await import("@modelcontextprotocol/sdk/server/stdio.js");
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    throw new InputError(
      "the package @modelcontextprotocol/sdk is not installed: npm install --save-dev @modelcontextprotocol/sdk",
    );
  }
}
