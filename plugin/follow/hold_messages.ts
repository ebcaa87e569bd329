type Host = Pick<EventTarget, "addEventListener" | "removeEventListener" | "dispatchEvent">;

/**
 * Keeps a worker's messages until the program listens: they arrive while its module still waits to be loaded, and would
 * be lost.
 *
 * @returns Lets them go.
 */
export function holdMessages(): () => void {
  const host = globalThis as unknown as Host;
  const held: MessageEvent[] = [];
  let passing: Event | null = null;
  let isReleased = false;
  const hold = (event: Event): void => {
    if (event === passing) return;
    event.stopImmediatePropagation();
    held.push(event as MessageEvent);
  };
  /** Each in a turn of its own, as they would have come: the program may wait for one, and then listen anew. */
  const next = (): void => {
    const first = held.shift();
    if (first === undefined) {
      host.removeEventListener("message", hold);
      return;
    }
    const { data, ports } = first;
    passing = new MessageEvent("message", { data, ports: [...ports] } as MessageEventInit);
    setTimeout(next);
    host.dispatchEvent(passing);
  };
  const release = (): void => {
    if (isReleased) return;
    isReleased = true;
    delete (host as { addEventListener?: unknown }).addEventListener;
    setTimeout(next);
  };
  const inherited = host.addEventListener;
  inherited.call(host, "message", hold);
  // `onmessage = …` comes through here, too. A module that awaits a message at its top must get it before it is done.
  Object.defineProperty(host, "addEventListener", {
    configurable: true,
    writable: true,
    value: function addEventListener(this: Host | undefined, ...args: Parameters<Host["addEventListener"]>) {
      if (args[0] === "message") release();
      return inherited.apply(this ?? host, args);
    },
  });
  return release;
}
