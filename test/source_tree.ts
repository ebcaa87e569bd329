// The files of the project as data: what each imports, how long it and its functions are, where imports go round.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "@babel/parser";

export const root: string = fileURLToPath(new URL("..", import.meta.url));

export interface Import {
  from: string;
  specifier: string;
  /** Nothing is left of it when the program runs. */
  typeOnly: boolean;
  /** `import()`: whoever imports it runs before it. */
  isLater: boolean;
}

/** Not `recursive: true`: Bun follows links there, and examples/ has one back to the root. */
export function sourceFiles(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sourceFiles(name);
    return name.endsWith(".ts") ? [name] : [];
  });
}

interface Parsed {
  imports: Import[];
  /** Files that are named by their place, to be started or resolved: `new URL(`./worker${extension}`, import.meta.url)`. */
  named: string[];
  functions: { name: string; lines: number }[];
  lines: number;
}

const known = new Map<string, Parsed>();

function parsed(file: string): Parsed {
  const found = known.get(file) ?? read(file);
  known.set(file, found);
  return found;
}

export const importsOf = (file: string): Import[] => parsed(file).imports;
export const linesOf = (file: string): number => parsed(file).lines;
/** By the name of the function, or of what it is given to first. */
export const functionsOf = (file: string): Parsed["functions"] => parsed(file).functions;

interface Node {
  [key: string]: unknown;
  type: string;
  loc?: { start: { line: number }; end: { line: number } };
}

const PLACE = /^new URL\(\s*`(\.[^`$]+)\$\{/;

function read(file: string): Parsed {
  const text = readFileSync(join(root, file), "utf8");
  const { program } = parse(text, {
    sourceType: "module",
    plugins: ["typescript"],
    createImportExpressions: true,
  });
  const found: Parsed = { imports: [], named: [], functions: [], lines: text.split("\n").length - 1 };
  visit(program as unknown as Node, "", (node, name) => {
    const { source, start, end } = node as {
      source?: { value?: unknown } | null;
      start?: number;
      end?: number;
    };
    if (/^(?:Import|Export)/.test(node.type) && typeof source?.value === "string")
      found.imports.push({
        ...{ from: file, specifier: source.value },
        typeOnly: node.importKind === "type" || node.exportKind === "type",
        isLater: node.type === "ImportExpression",
      });
    const named = node.type === "NewExpression" ? PLACE.exec(text.slice(start, end))?.[1] : undefined;
    if (named !== undefined) found.named.push(posix.join(posix.dirname(file), `${named}.ts`));
    if (/Function|Arrow|Method$/.test(node.type) && "body" in node)
      found.functions.push({ name, lines: node.loc!.end.line - node.loc!.start.line + 1 });
  });
  return found;
}

function visit(value: unknown, outer: string, see: (node: Node, name: string) => void): void {
  if (Array.isArray(value)) for (const each of value) visit(each, outer, see);
  if (typeof (value as Node | null)?.type !== "string") return;
  const node = value as Node;
  const { id, key } = node as {
    id?: { name?: string } | null;
    key?: { name?: string; id?: { name?: string } };
  };
  const name = id?.name ?? key?.name ?? key?.id?.name ?? outer;
  see(node, name);
  for (const [part, child] of Object.entries(node))
    if (part !== "loc" && !part.endsWith("omments")) visit(child, name, see);
}

/** The file that is imported; null: of another package. */
export function target({ from, specifier }: Import): string | null {
  return specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : null;
}

/** These files, and all that they import or start. */
export function reachedFrom(entries: readonly string[]): Set<string> {
  const reached = new Set(entries);
  for (const file of reached) {
    if (!/\.ts$/.test(file) || !existsSync(join(root, file))) continue;
    for (const entry of importsOf(file)) {
      const to = target(entry);
      if (to !== null) reached.add(to);
    }
    for (const named of parsed(file).named) reached.add(named);
  }
  return reached;
}

/** Files that import each other, each group sorted: types and what is imported later make no circle. */
export function circlesOf(files: readonly string[]): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const enter = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    open.push(file);
    for (const entry of importsOf(file)) {
      const to = target(entry);
      if (entry.typeOnly || entry.isLater || to === null || !files.includes(to)) continue;
      if (!order.has(to)) enter(to);
      if (open.includes(to)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(to)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const file of files) if (!order.has(file)) enter(file);
  return circles;
}

/** Variables of the module that change. The formatter puts nothing else of that kind at the beginning of a line. */
export function changingVariablesOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^(?:export )?(?:let|var) (\w+)/gm)].map(([, name]) => name!);
}
