// Functions that capture: parameters, loop variables, blocks, `this`, and nothing.
function counters(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) all.push(() => i++);
  return all;
}

function counter(start: number): { next(): number; reset(): void } {
  let value = start;
  return {
    next: () => value++,
    reset() {
      value = start;
    },
  };
}

function many(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) all.push(counter(i));
  return all;
}

function handlers(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const name = `handler ${i}`;
    let calls = 0;
    const onCall = (): string => {
      calls++;
      return name;
    };
    function onEnd(): number {
      return calls;
    }
    all.push(onCall, onEnd);
  }
  return all;
}

function plain(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) {
    all.push(() => {});
    all.push(async () => {});
  }
  return all;
}

function curried(a: number): (b: number) => (c: number) => number {
  return (b) => (c) => a + b + c;
}

function partial(count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => curried(i)(i + 1));
}

export function run(): unknown {
  return [counters(2000), many(2000), handlers(2000), plain(1000), partial(2000)];
}
