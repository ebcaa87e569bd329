// What all of these servers do: they never forget a visitor.
const visits = [];

export function visit(path) {
  visits.push({ path, at: Date.now() });
  return `visit ${visits.length} of ${path}\n`;
}
