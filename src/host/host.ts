// Browser compatible.

/** What is used of `process`, which Node, Deno and Bun have. */
export interface HostProcess {
  readonly argv?: readonly string[];
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly pid?: number;
  readonly platform?: string;
  readonly arch?: string;
  readonly versions?: {
    readonly node?: string;
    readonly deno?: string;
    readonly bun?: string;
    readonly v8?: string;
    readonly electron?: string;
  };
  /** Electron alone has it: `renderer` in pages. */
  readonly type?: string;
  /** How Node was built. */
  readonly config?: { readonly variables?: Readonly<Record<string, unknown>> };
  /** Node's own modules that have been loaded; only Node has it. */
  readonly moduleLoadList?: readonly string[];
  getBuiltinModule?(name: string): unknown;
}

/** What is asked of the global object to learn where code runs. */
export interface HostGlobals {
  readonly Bun?: { readonly version: string; gc(force: boolean): void };
  readonly Deno?: {
    readonly version: { readonly deno: string };
    readonly permissions?: { querySync?(descriptor: object): { readonly state: string } };
  };
  readonly process?: HostProcess;
  readonly navigator?: { readonly userAgent?: string };
  readonly location?: { readonly href?: string };
  /** Node's; Deno and Bun have it as well. */
  readonly Buffer?: { readonly prototype: object; readonly poolSize: number };
  /** With `--expose-gc`. */
  readonly gc?: (() => void) | undefined;
}

/** The global object. What it has is read when it is needed: programs and tests put other things there. */
export const host: HostGlobals = globalThis;

/** Whether something may be done without a question to the user, which would be a change of the program. Only Deno asks. */
export function isPermitted(descriptor: object): boolean {
  return (host.Deno?.permissions?.querySync?.(descriptor).state ?? "granted") === "granted";
}
