// Literals of several sizes, nested, copied and spread.
type Tree = { left: Tree | null; right: Tree | null; value: number };

function tree(depth: number): Tree {
  if (depth === 0) return { left: null, right: null, value: 0 };
  return { left: tree(depth - 1), right: tree(depth - 1), value: depth };
}

function list(length: number): unknown {
  let head: unknown = null;
  for (let i = 0; i < length; i++) head = { next: head, item: [i, head] };
  return head;
}

function records(count: number): Record<string, unknown>[] {
  const all: Record<string, unknown>[] = [];
  for (let i = 0; i < count; i++)
    all.push({ id: i, name: "name", tags: ["a", "b"], at: new Date(i), extra: {} });
  return all;
}

function copies(of: Record<string, unknown>[]): unknown[] {
  return of.map((record) => ({ ...record }));
}

function withoutTags(of: Record<string, unknown>[]): unknown[] {
  return of.map(({ tags: _tags, ...rest }) => rest);
}

function pairs(count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => [i, i + 1]);
}

function parsed(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) all.push([/a(b)c/g, new Error("kept"), Object.create(null)]);
  return all;
}

export function run(): unknown {
  const some = records(2000);
  return [tree(12), list(3000), some, copies(some), withoutTags(some), pairs(3000), parsed(300)];
}
