// Containers that are small when they are made.
function lists(count: number): number[][] {
  const all: number[][] = [];
  for (let i = 0; i < count; i++) {
    const list: number[] = [];
    for (let j = 0; j < i % 60; j++) list.push(j);
    all.push(list);
  }
  return all;
}

function maps(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const map = new Map<number, number>();
    for (let j = 0; j < i % 30; j++) map.set(j, j);
    all.push(map);
  }
  return all;
}

function sets(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const set = new Set<number>();
    for (let j = 0; j < i % 30; j++) set.add(j);
    all.push(set);
  }
  return all;
}

function dictionaries(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const dictionary: Record<string, number> = {};
    for (let j = 0; j < i % 40; j++) dictionary[`key${j}`] = j;
    all.push(dictionary);
  }
  return all;
}

function cache(): Map<string, object> {
  const made = new Map<string, object>();
  for (let i = 0; i < 20_000; i++) made.set(`entry ${i}`, { i });
  return made;
}

function preSized(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) all.push(new Array(i % 50).fill(null));
  return all;
}

export function run(): unknown {
  return [lists(200), maps(200), sets(200), dictionaries(200), cache(), preSized(500)];
}
