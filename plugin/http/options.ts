/** Options of {@linkcode createHandler} and {@linkcode createNodeHandler}. */
export interface HttpOptions {
  /**
   * What clients must show, 16 characters or more: `Authorization: Bearer …`, or `?token=…`, which on the page becomes a
   * cookie. Without one, only clients on this machine are served.
   */
  token?: string;
  /**
   * Names and addresses under which the server may be asked, beside `localhost` and the loopback addresses:
   * `["app.internal", "10.0.0.5"]`. `["*"]` is any name, for which there must be a token.
   */
  hosts?: readonly string[];
  /** Kept in the metadata of each profile: service, version, region …. Host and process id are there anyway. */
  labels?: Readonly<Record<string, string>>;
  /** Milliseconds between two updates of the page, 250 or more. Default 2000; more where a snapshot takes long. */
  interval?: number;
  /** How many pages may be open at once, 1 to 1000. Default 64. */
  clients?: number;
}

/** Options that have been checked. */
export interface CheckedOptions {
  readonly token: string | null;
  readonly hosts: ReadonlySet<string>;
  readonly labels: Readonly<Record<string, string>>;
  readonly interval: number;
  readonly clients: number;
}

const LEAST_TOKEN = 16;

/** @throws {TypeError | RangeError} when an option has the wrong type, or is out of range. */
export function checkOptions(options: HttpOptions = {}): CheckedOptions {
  const { token = null, hosts = [], labels = {}, interval = 2000, clients = 64 } = options;
  if (token !== null && typeof token !== "string")
    throw new TypeError(`token must be a text, got ${typeof token}`);
  // The text itself is a secret: it does not belong into a message.
  if (token !== null && !/^[\x21-\x7e]{16,1024}$/.test(token)) {
    throw new RangeError(
      `token must have ${LEAST_TOKEN} to 1024 visible ASCII characters, got one of ${token.length} characters`,
    );
  }
  if (!Array.isArray(hosts) || hosts.some((host) => typeof host !== "string"))
    throw new TypeError("hosts must be a list of host names");
  if (hosts.includes("*") && token === null)
    throw new RangeError('hosts may only be ["*"], any name, where there is a token');
  for (const [label, value] of Object.entries(labels)) {
    if (typeof value !== "string") throw new TypeError(`labels.${label} must be a text, got ${typeof value}`);
  }
  checkNumber("interval", interval, 250, 3_600_000);
  checkNumber("clients", clients, 1, 1000);
  return { token, hosts: new Set(hosts.map((host) => host.toLowerCase())), labels, interval, clients };
}

function checkNumber(name: string, value: unknown, least: number, most: number): void {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number, got ${typeof value}`);
  if (!(value >= least && value <= most))
    throw new RangeError(`${name} must be from ${least} to ${most}, got ${value}`);
}
