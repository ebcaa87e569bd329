// Base and derived classes, fields, private fields, properties that come late.
class Shape {
  x: number;
  y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
}

class Circle extends Shape {
  radius: number;
  constructor(x: number, y: number, radius: number) {
    super(x, y);
    this.radius = radius;
  }
}

class Label extends Circle {
  text = "label";
  #hidden = 1;
  get hidden(): number {
    return this.#hidden;
  }
}

class Late {
  kind: string;
  [key: string]: unknown;
  constructor(kind: string) {
    this.kind = kind;
  }
}

class Bag extends Map<number, number> {}
class Stack extends Array<number> {}

function shapes(count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => new Shape(i, i));
}

function circles(count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => new Circle(i, i, i));
}

function labels(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) all.push(new Label(i, i, i));
  return all;
}

function late(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const node = new Late("late");
    node.start = i;
    node.end = i + 1;
    node.children = all;
    all.push(node);
  }
  return all;
}

function containers(count: number): unknown[] {
  const all: unknown[] = [];
  for (let i = 0; i < count; i++) all.push(new Bag(), new Stack());
  return all;
}

export function run(): unknown {
  return [shapes(3000), circles(3000), labels(3000), late(3000), containers(500)];
}
