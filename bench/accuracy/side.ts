// What both sides of the comparison report: live bytes by the function that allocated them.

/** A function: `file:line:name`, the name without its class. */
export type FunctionKey = string;

export interface SideReport {
  readonly functions: Record<FunctionKey, number>;
  /** Bytes that no function of the program's files can be named for. */
  readonly elsewhere: number;
  /** Of texts with source maps that were followed, their sources. */
  readonly sources: Record<string, readonly string[]>;
}

/** V8 says `method`, the tracker `Class.method`; neither names an arrow function that has no name. */
export function functionKey(file: string, line: number, name: string): FunctionKey {
  const isUnnamed = name === "" || name.startsWith("<") || name === "(anonymous)";
  return `${file}:${line}:${isUnnamed ? "" : name.slice(name.lastIndexOf(".") + 1)}`;
}

/** Gives the report to the parent process: alone on a line, behind a mark. */
export function report(side: SideReport): void {
  console.log(`${MARK}${JSON.stringify(side)}`);
}

const MARK = "side report: ";

/** Finds the report in what the child wrote. */
export function readReport(output: string): SideReport {
  const line = output.split("\n").find((text) => text.startsWith(MARK));
  if (line === undefined)
    throw new Error(`the child wrote no report, but ${JSON.stringify(output.slice(-2000))}`);
  return JSON.parse(line.slice(MARK.length)) as SideReport;
}
