import { type Choices, deeper, type Place } from "./choices.ts";
import { CLASSES, expression, FUNCTIONS, KEYS, pattern } from "./expressions.ts";
import { statement, statements } from "./statements.ts";

/** Parameters that keep their names apart; sometimes with defaults, patterns and a rest. */
function parameters(c: Choices, place: Place): { text: string; isSimple: boolean } {
  const names = c.list(2, () => c.pick(["a", "b", "c", "x"]));
  const simple = [...new Set(names)];
  if (!c.oneIn(3)) return { text: simple.join(", "), isSimple: true };
  const inner = { ...deeper(place), isAsync: false, isGenerator: false, isInitialiser: true };
  const parts = simple.map((each) => (c.oneIn(2) ? `${each} = (T(), ${expression(c, inner)})` : each));
  if (c.oneIn(3)) parts.push(`${pattern(c, inner)} = (T(), ${expression(c, inner)})`);
  if (c.oneIn(2)) parts.push(`...${c.unique("v")}`);
  return { text: parts.join(", "), isSimple: false };
}

interface Kind {
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
}

function kindOf(c: Choices): Kind {
  return { isAsync: c.oneIn(4), isGenerator: c.oneIn(4) };
}

/** `(parameters) { body }`, which counts down the fuel if it can call anything. */
function parametersAndBody(c: Choices, place: Place, kind: Kind, isArrow = false): string {
  const outer = c.mayCall;
  c.mayCall = false;
  const around = {
    ...deeper(place),
    labels: [],
    isInitialiser: false,
    inFunction: place.inFunction || !isArrow,
  };
  const { text, isSimple } = parameters(c, around);
  const isStrict = place.isStrict || (isSimple && c.oneIn(8));
  const directive = isStrict && !place.isStrict ? c.pick(['"use strict"; ', '"use strict"\n']) : "";
  const body = `${statement(c, { ...around, ...kind, isStrict })} ${statements(c, { ...around, ...kind, isStrict }, 2)}`;
  const fuel = c.mayCall ? "T(); " : "";
  c.mayCall = outer;
  return `(${text})${isArrow ? " =>" : ""} {${directive}${fuel}${body}}`;
}

export function arrow(c: Choices, place: Place): string {
  const isAsync = c.oneIn(4);
  const kind = { isAsync, isGenerator: false };
  const prefix = isAsync ? "async " : "";
  if (place.isInitialiser || c.oneIn(3)) {
    const initialiser = place.isInitialiser
      ? { ...place, inFunction: false, hasSuper: place.hasSuper }
      : place;
    if (!place.isInitialiser) return prefix + parametersAndBody(c, initialiser, kind, true);
  }
  const outer = c.mayCall;
  c.mayCall = false;
  const body = expression(c, { ...deeper(place), ...kind, labels: [] });
  const fuel = c.mayCall ? "T(), " : "";
  c.mayCall = outer;
  const parameter = c.pick(["()", "x", "(a, b)", "(...v)"]);
  return `${prefix}${parameter} => ${fuel === "" && !body.startsWith("{") ? body : `(${fuel}${body})`}`;
}

export function functionExpression(c: Choices, place: Place): string {
  const kind = kindOf(c);
  const own = c.pick(["", "", " f", " own"]);
  const inner = { ...place, hasSuper: false };
  return `${kind.isAsync ? "async " : ""}function${kind.isGenerator ? "*" : ""}${own}${parametersAndBody(c, inner, kind)}`;
}

export function functionDeclaration(c: Choices, place: Place): string {
  const kind = kindOf(c);
  const inner = { ...place, hasSuper: false };
  return `${kind.isAsync ? "async " : ""}function${kind.isGenerator ? "*" : ""} ${c.pick(FUNCTIONS)}${parametersAndBody(c, inner, kind)}`;
}

/** A method, getter or setter, for an object or a class. */
export function methods(c: Choices, place: Place, isClass: boolean): string {
  const computed = c.oneIn(5);
  const key = computed
    ? `[${expression(c, { ...deeper(place), hasSuper: false })}]`
    : c.pick(["m", "x", ...(isClass ? ["#p"] : KEYS)]);
  const inner = { ...place, hasSuper: true, inFunction: true };
  if (c.oneIn(4)) {
    const body = parametersAndBody(c, inner, { isAsync: false, isGenerator: false }).replace(
      /^\(.*?\) \{/s,
      "() {",
    );
    if (body.startsWith("() {") && !/\bsuper\(/.test(body)) return `get ${key === "#p" ? "x" : key}${body}`;
  }
  const kind = kindOf(c);
  return `${kind.isAsync ? "async " : ""}${kind.isGenerator ? "*" : ""}${key}${parametersAndBody(c, inner, kind)}`;
}

function field(c: Choices, place: Place): string {
  const inner = {
    ...deeper(place),
    isStrict: true,
    hasSuper: true,
    isInitialiser: true,
    isAsync: false,
    isGenerator: false,
  };
  const outer = c.mayCall;
  c.mayCall = false;
  const text = c.pick([expression, expression, arrow])(c, { ...inner, inFunction: false });
  // An initialiser can make an object of its own class.
  const value = c.mayCall ? `(T(), ${text})` : text;
  c.mayCall = outer;
  return `${c.pick(["", "static "])}${c.pick(["x", "y", "z", "#q"])} = ${value}${c.pick([";", "\n"])}`;
}

function constructorOf(c: Choices, place: Place, isDerived: boolean): string {
  const inner = { ...place, isStrict: true, hasSuper: true, inFunction: true };
  const call = isDerived
    ? c.oneIn(6)
      ? ""
      : `super(${c.oneIn(2) ? expression(c, { ...deeper(place), hasSuper: false }) : ""}); `
    : "";
  const body = statements(
    c,
    { ...deeper(inner), isAsync: false, isGenerator: false, labels: [], isInitialiser: false },
    2,
  );
  return `constructor(a, b) { T(); ${call}${body} }`;
}

/** What follows `class` and the name. */
export function classBody(c: Choices, place: Place): string {
  c.mayCall = true;
  const inside = { ...place, isStrict: true };
  const base = c.oneIn(3)
    ? c.pick([" extends A", " extends B", ` extends (${expression(c, deeper(inside))})`, " extends Object"])
    : "";
  const members: string[] = c.oneIn(3) ? [constructorOf(c, inside, base !== "")] : [];
  const seen = new Set<string>();
  for (const text of c.list(3, () => member(c, inside))) {
    const priv = /#[pq]/.exec(text.slice(0, 24))?.[0];
    if (priv !== undefined && seen.has(priv)) continue;
    if (priv !== undefined) seen.add(priv);
    members.push(text);
  }
  return `${base} {${members.join(" ")}}`;
}

function member(c: Choices, place: Place): string {
  const below = c.below(6);
  if (below < 3) return `${c.oneIn(4) ? "static " : ""}${methods(c, place, true)}`;
  if (below < 5) return field(c, place);
  const inner = { ...deeper(place), isStrict: true, hasSuper: true, isInitialiser: true, inFunction: false };
  return `static {${statements(c, { ...inner, labels: [], isAsync: false, isGenerator: false }, 2)}}`;
}

export function classDeclaration(c: Choices, place: Place): string {
  return `class ${c.pick(CLASSES)}${classBody(c, place)}`;
}
