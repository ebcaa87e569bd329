// Views with buffers of their own, and many views on one.
function small(count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => new Uint8Array(i % 64));
}

function large(count: number): unknown[] {
  return Array.from({ length: count }, () => new Float64Array(100));
}

function buffers(count: number): unknown[] {
  return Array.from({ length: count }, () => new ArrayBuffer(256));
}

function views(count: number): unknown[] {
  const buffer = new ArrayBuffer(4096);
  return Array.from({ length: count }, (_, i) => new Uint16Array(buffer, i * 2, 4));
}

function dataViews(count: number): unknown[] {
  return Array.from({ length: count }, () => new DataView(new ArrayBuffer(16)));
}

export function run(): unknown {
  return [small(2000), large(1000), buffers(1000), views(2000), dataViews(1000)];
}
