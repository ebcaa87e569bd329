import { type Choices, deeper, type Place } from "./choices.ts";
import { expression, pattern, VARIABLES } from "./expressions.ts";
import { arrow, classDeclaration, functionDeclaration, functionExpression } from "./functions.ts";

type Rule = (c: Choices, place: Place) => string;

/** Up to `limit` statements, with or without the semicolons that a line end can stand for. */
export function statements(c: Choices, place: Place, limit: number): string {
  return c.list(limit, () => statement(c, place)).join(c.pick([" ", "\n"]));
}

export function statement(c: Choices, place: Place): string {
  if (place.depth <= 0 || c.isExhausted) return simple(c, place);
  return c.oneIn(2) ? simple(c, place) : c.pick(RULES)(c, deeper(place));
}

function end(c: Choices): string {
  return c.pick([";", ";", "\n"]);
}

function simple(c: Choices, place: Place): string {
  c.mayCall = true;
  return c.pick<Rule>([
    () => `L(${expression(c, place)})${end(c)}`,
    () => `L(J(${functionExpression(c, place)}))${end(c)}`,
    () => `L(${expression(c, place)})${end(c)}`,
    () => expressionStatement(c, place),
    () => `var ${c.pick(VARIABLES)} = ${c.pick([expression, arrow, functionExpression])(c, place)}${end(c)}`,
    () =>
      `${c.pick(["let", "const"])} ${c.unique("v")} = ${c.pick([expression, arrow, functionExpression])(c, place)}${end(c)}`,
    () =>
      `${c.pick(["let", "const"])} ${c.oneIn(4) ? c.pick(VARIABLES) : c.unique("v")} = ${expression(c, place)};`,
    () => `${c.pick(["let", "const", "var"])} ${pattern(c, place)} = ${expression(c, place)};`,
    () => jump(c, place),
  ])(c, place);
}

/** Without brackets in front and with a line end behind, where the next line must not go on with it. */
function expressionStatement(c: Choices, place: Place): string {
  const text = expression(c, place);
  if (c.oneIn(3)) return `${c.pick(VARIABLES)} = ${arrow(c, place)}${end(c)}`;
  return /^(?:function|class|async|let)\b|^\{/.test(text) ? `(${text});` : `${text};`;
}

function jump(c: Choices, place: Place): string {
  const label = place.labels.length > 0 && c.oneIn(2) ? ` ${c.pick(place.labels)}` : "";
  return c.pick<() => string>([
    () => `throw E(${expression(c, place)});`,
    () => (place.inFunction && !place.isInitialiser ? `return ${sequence(c, place)}${end(c)}` : ";"),
    () => (place.labels.length > 0 ? `${c.pick(["break", "continue"])}${label};` : ";"),
    () => (place.inFunction && !place.isInitialiser ? "return;" : ";"),
  ])();
}

/** Now and then several: `a, b`. */
function sequence(c: Choices, place: Place): string {
  return expression(c, place) + (c.oneIn(6) ? `, ${expression(c, place)}` : "");
}

function block(c: Choices, place: Place): string {
  return `{${statements(c, place, 3)}}`;
}

/** A loop of at most three turns; `continue` and `break` of loops around it may cross it. */
function loop(c: Choices, place: Place): string {
  const label = c.unique("l");
  const counter = c.unique("i");
  const inside = { ...place, labels: [...place.labels, label] };
  const single = c.oneIn(4) ? `L(${expression(c, inside)});` : null;
  const body = single ?? block(c, inside);
  const source = expression(c, place);
  return `${label}: ${c.pick([
    `for (let ${counter} = 0; ${counter} < 3; ${counter}++) ${body}`,
    `for (var ${counter} = 0; T(), ${counter} < 2; ${counter}++) ${body}`,
    `for (const ${counter} of G(${source})) ${body}`,
    `for (const [${counter}, b = f] of [[${source}], [1]]) ${body}`,
    `for (const ${counter} in K(${source})) ${body}`,
    `for (let ${counter} = 0; ${counter}++ < 2;) ${body}`,
    ...(place.isAsync && !place.isInitialiser
      ? [`for await (const ${counter} of H(${source})) ${body}`]
      : []),
  ])}`;
}

function whileLoop(c: Choices, place: Place): string {
  const counter = c.unique("i");
  const body = block(c, { ...place, labels: [] });
  return `var ${counter} = 0; ${c.pick([
    `while (${counter}++ < 2) ${body}`,
    `do ${body} while (${counter}++ < 1 && L(${counter}) !== f)`,
  ])}`;
}

function attempt(c: Choices, place: Place): string {
  const handler = `catch ${c.pick(["(e) ", "", "({ message: e = f() }) "])}{${c.pick(["", "L(typeof e); "])}${statements(c, place, 2)}}`;
  const last = `finally ${block(c, place)}`;
  return `try ${block(c, place)} ${c.pick([handler, handler, last, `${handler} ${last}`])}`;
}

function choice(c: Choices, place: Place): string {
  const cases = c.list(3, () => `case ${expression(c, place)}: ${statements(c, place, 2)}`);
  const other = c.oneIn(2) ? `default: ${statements(c, place, 2)}` : "";
  cases.splice(c.below(cases.length + 1), 0, other);
  return `switch (${expression(c, place)}) {${cases.join(" ")}}`;
}

const RULES: readonly Rule[] = [
  attempt,
  loop,
  functionDeclaration,
  classDeclaration,
  block,
  (c, place) => `if (${expression(c, place)}) ${simpleNested(c, place)} else ${simpleNested(c, place)}`,
  (c, place) => `if (${expression(c, place)}) ${block(c, place)}`,
  choice,
  whileLoop,
  attempt,
  (c, place) => (place.isStrict ? ";" : `if (1) ${functionDeclaration(c, place).replace(/^async |\*/g, "")}`),
  (c, place) => (place.isStrict ? ";" : `with (K(${expression(c, place)})) ${block(c, place)}`),
];

/** A statement that is not part of a list. */
function simpleNested(c: Choices, place: Place): string {
  c.mayCall = true;
  return c.pick<() => string>([
    () => `L(${expression(c, place)});`,
    () => `${c.pick(VARIABLES)} = ${arrow(c, place)};`,
    () => `var ${c.pick(VARIABLES)} = ${arrow(c, place)};`,
    () => block(c, place),
    () => jump(c, place),
  ])();
}
