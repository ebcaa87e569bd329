// One pattern for many texts, as short as what they have in common allows: pages load it.

/** A text as fragments of a regular expression, each of which matches by itself. */
export type Fragments = readonly string[];

/** Matches each of the texts; of two that begin alike the longer one. */
export function alternation(texts: readonly Fragments[]): string {
  const starts = groupsOf(merged(texts), ([first]) => first);
  return starts.map((group) => (group.length === 1 ? group[0]!.join("") : withCommonStart(group))).join("|");
}

/** Texts that differ in one fragment alone are made one. */
function merged(texts: readonly Fragments[]): readonly Fragments[] {
  const longest = Math.max(...texts.map(({ length }) => length));
  let found = texts;
  for (let at = 0; at < longest; at++) {
    const groups = groupsOf(found, (text) =>
      at < text.length ? JSON.stringify(text.with(at, "")) : JSON.stringify(text),
    );
    found = groups.map((group) => {
      const choices = new Set(group.map((text) => text[at]));
      return choices.size === 1 ? group[0]! : group[0]!.with(at, oneOf([...(choices as Set<string>)]));
    });
  }
  return found;
}

function withCommonStart(texts: readonly Fragments[]): string {
  const start = commonStart(texts);
  const rests = texts.map((text) => text.slice(start.length));
  const longer = rests.filter(({ length }) => length > 0);
  const rest = longer.length === 1 ? longer[0]!.join("") : withCommonEnd(longer);
  return start.join("") + (longer.length < rests.length ? `(?:${rest})?` : rest);
}

function withCommonEnd(texts: readonly Fragments[]): string {
  const end = commonStart(texts.map((text) => text.toReversed())).toReversed();
  const rests = texts.map((text) => text.slice(0, text.length - end.length));
  const longer = rests.filter(({ length }) => length > 0);
  return `(?:${alternation(longer)})${longer.length < rests.length ? "?" : ""}${end.join("")}`;
}

function commonStart(texts: readonly Fragments[]): Fragments {
  const [first] = texts;
  const end = first!.findIndex((fragment, at) => texts.some((text) => text[at] !== fragment));
  return end === -1 ? first! : first!.slice(0, end);
}

function oneOf(fragments: readonly string[]): string {
  const areCharacters = fragments.every((fragment) => /^\w$/.test(fragment));
  return areCharacters ? `[${fragments.join("")}]` : `(?:${fragments.join("|")})`;
}

/** In the order in which the first of each comes. */
function groupsOf(texts: readonly Fragments[], keyOf: (text: Fragments) => unknown): Fragments[][] {
  return [...Map.groupBy(texts, keyOf).values()];
}
