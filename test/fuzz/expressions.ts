import { type Choices, deeper, type Place } from "./choices.ts";
import { arrow, classBody, functionExpression, methods } from "./functions.ts";

export const VARIABLES: readonly string[] = ["a", "b", "c", "d"];
export const FUNCTIONS: readonly string[] = ["f", "g", "h"];
export const CLASSES: readonly string[] = ["A", "B"];
export const KEYS: readonly string[] = ["x", "y", "z", "m", '"k l"', "1", "get", "static"];
const PROPERTIES = ["x", "y", "m", "length", "z", "constructor"];

type Rule = (c: Choices, place: Place) => string;

export function name(c: Choices): string {
  return c.pick([...VARIABLES, ...VARIABLES, ...FUNCTIONS, ...CLASSES]);
}

/** An expression that can stand anywhere an AssignmentExpression can. */
export function expression(c: Choices, place: Place): string {
  if (place.depth <= 0 || c.isExhausted || c.oneIn(4)) return leaf(c);
  return c.pick(RULES)(c, deeper(place));
}

function leaf(c: Choices): string {
  return c.pick(
    [
      "1",
      '"s"',
      "a",
      "b",
      "c",
      "d",
      "f",
      "0",
      "null",
      "undefined",
      "this",
      "[]",
      "{}",
      "/r/g",
      "g",
      "-1",
    ].map((text) => (text === "{}" ? "({})" : text)),
  );
}

/** Something that members can be taken from and that can be called, in brackets where needed. */
function operand(c: Choices, place: Place): string {
  const text = expression(c, place);
  return /^(?:[\w$]+|\[.*\]|\(.*\))$/s.test(text) && !/^-|^\d/.test(text) ? `${text}` : `(${text})`;
}

export function args(c: Choices, place: Place): string {
  c.mayCall = true;
  const gap = c.pick(["", "", "\n"]);
  const list = c.list(3, () => (c.oneIn(6) ? `...[${expression(c, place)}]` : expression(c, place)));
  return `(${gap}${list.join(`,${gap}`)})`;
}

function member(c: Choices, place: Place): string {
  c.mayCall = true;
  return c.oneIn(4) ? `[${expression(c, place)}]` : `.${c.pick(PROPERTIES)}`;
}

export function objectLiteral(c: Choices, place: Place): string {
  const properties = c.list(4, () =>
    c.pick<() => string>([
      () => name(c),
      () => `${c.pick(KEYS)}: ${expression(c, place)}`,
      () => `${c.pick(KEYS)}: ${c.pick([arrow, functionExpression])(c, place)}`,
      () => `[${expression(c, place)}]: ${expression(c, place)}`,
      () => `...${operand(c, place)}`,
      () => methods(c, { ...place, hasSuper: true }, false),
      () => `__proto__: ${expression(c, place)}`,
    ])(),
  );
  if (properties.filter((property) => property.startsWith("__proto__:")).length > 1) return "({})";
  return `({${properties.join(", ")}})`;
}

export function pattern(c: Choices, place: Place): string {
  const target = (): string => (place.depth > 0 && c.oneIn(4) ? pattern(c, deeper(place)) : c.unique("v"));
  const withDefault = (): string => (c.oneIn(2) ? `${target()} = (T(), ${expression(c, place)})` : target());
  c.mayCall = true;
  const rest = c.oneIn(3) ? [`...${c.unique("v")}`] : [];
  if (c.oneIn(2)) return `[${[...c.list(3, withDefault), ...rest].join(", ")}]`;
  return `{${[...c.list(3, () => `${c.pick(["x", "y", "m"])}: ${withDefault()}`), ...rest].join(", ")}}`;
}

function template(c: Choices, place: Place): string {
  c.mayCall = true;
  return `\`t${c.list(2, () => `\${${expression(c, place)}}`).join("-")}\``;
}

const awaitOrYield: Rule = (c, place) => {
  if (place.isAsync && !place.isInitialiser && (!place.isGenerator || c.oneIn(2)))
    return `(await ${operand(c, place)})`;
  if (!place.isGenerator || place.isInitialiser) return leaf(c);
  return c.pick([
    () => "(yield)",
    () => `(yield ${expression(c, place)})`,
    () => `(yield* G(${expression(c, place)}))`,
  ])();
};

const EVALUATED = [
  '"a"',
  '"var a = 3"',
  '"b = 4; typeof c"',
  '"function f() { return 7 }"',
  '"this && 1"',
  '"let d = 9; [d]"',
];

const RULES: readonly Rule[] = [
  (c, place) => `${c.pick(FUNCTIONS)}${args(c, place)}`,
  (c, place) => `L(${expression(c, place)})`,
  arrowInPlace,
  (c, place) => `(${functionExpression(c, place)})`,
  objectLiteral,
  (c, place) =>
    `[${c.list(3, () => c.pick([expression(c, place), `...${operand(c, place)}`, ""])).join(", ")}]`,
  (c, place) => `${operand(c, place)}${member(c, place)}`,
  (c, place) => `${operand(c, place)}${member(c, place)}${args(c, place)}`,
  (c, place) =>
    `${operand(c, place)}${args(c, place)}${c.pick(["", "\n"])}${member(c, place)}${args(c, place)}`,
  (c, place) =>
    `${operand(c, place)}?.${c.pick(PROPERTIES)}${c.pick(["", args(c, place), `?.${args(c, place)}`])}${c.pick(["", ".x", "?.[0]"])}`,
  (c, place) => `${operand(c, place)}?.${args(c, place)}`,
  (c, place) => `delete ${operand(c, place)}${c.pick(["", "?"])}.${c.pick(PROPERTIES)}`,
  (c, place) => `(new ${c.pick([...CLASSES, "f", "Map", "Set", "Array", "Error"])}${args(c, place)})`,
  (c, place) => `(new (${expression(c, place)})${c.pick(["", args(c, place)])})`,
  (c, place) => `(new ${functionExpression(c, place)}${args(c, place)})`,
  (c, place) => `(class ${c.pick(["", "", "A"])}${classBody(c, place)})`,
  (c, place) =>
    `(${name(c)} ${c.pick(["=", "=", "+=", "??=", "||=", "&&="])} ${c.pick([expression, arrow, functionExpression])(c, place)})`,
  (c, place) =>
    `(${operand(c, place)}.${c.pick(PROPERTIES)} ${c.pick(["=", "+=", "??="])} ${expression(c, place)})`,
  (c, place) => `(${expression(c, place)}, ${expression(c, place)})`,
  (c, place) => `(${expression(c, place)} ? ${expression(c, place)} : ${expression(c, place)})`,
  (c, place) =>
    `(${expression(c, place)} ${c.pick(["&&", "||", "??", "+", "-", "===", "<", "instanceof", "in"])} ${operand(c, place)})`,
  (c, place) => `(typeof ${operand(c, place)})`,
  (c, place) => `(void ${operand(c, place)})`,
  template,
  (c, place) => `("s" + ${operand(c, place)} + ${template(c, place)})`,
  (c, place) => `${c.pick(["f", "g", "R", "String.raw"])}${template(c, place)}`,
  awaitOrYield,
  awaitOrYield,
  (c, place) => (place.hasSuper ? `super.${c.pick(["m", "x"])}${c.pick(["", args(c, place)])}` : leaf(c)),
  (c, place) =>
    place.inFunction && !place.isInitialiser
      ? c.pick(["arguments", "arguments.length", "new.target"])
      : leaf(c),
  (c) => `eval(${c.pick(EVALUATED)})`,
  (c, place) => `[1, 2].${c.pick(["map", "forEach", "sort", "reduce"])}(${arrow(c, place)})`,
  (c, place) => `P(${expression(c, place)})`,
  (c, place) => `[...G(${expression(c, place)})]`,
  (c, place) =>
    `(${c.pick(["{ x: a, y: b = 2 }", "[a, b = f]", "[c, ...d]", "{ ...c }", "{ m: d = () => 1 }"])} = ${expression(c, place)})`,
  (c, place) => (place.isStrict ? leaf(c) : `(${c.pick(["f()", "(g)()"])} ${c.pick(["= 1", "+= 2"])})`),
  (c, place) => `J(${expression(c, place)})`,
  ...new Array<Rule>(4).fill(
    (c, place) => `J(${c.pick([functionExpression, functionExpression, arrow])(c, place)})`,
  ),
  (c, place) => `new (class${classBody(c, place)})(${leaf(c)}).m()`,
  (c, place) => `J(${objectLiteral(c, place)}.m)`,
];

function arrowInPlace(c: Choices, place: Place): string {
  return `(${arrow(c, place)})`;
}
