import { test } from "node:test";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { currentRuntime } from "../../src/host/capabilities.ts";
import { askV8 } from "../../src/host/v8_answers.ts";

class Secret {
  #one = 1;
  #other = 2;
  open = this.#one + this.#other;
}

test("Node tells how V8 keeps what objects have, others do not", () => {
  const answers = askV8();
  if (currentRuntime() !== "node") {
    assertEquals(answers, null);
    return;
  }
  assert(answers !== null);
  const literal: Record<string, number> = { a: 1, b: 2 };
  assert(answers.hasFastProperties(literal));
  delete literal.a;
  assert(!answers.hasFastProperties(literal));
  const far: number[] = [];
  far[5000] = 1;
  assert(answers.hasDictionaryElements(far) && !answers.hasDictionaryElements([1]));
  assert(answers.hasDoubleElements([0.5]) && !answers.hasDoubleElements([1]));
  assertEquals(
    [new Secret(), literal].map((each) => answers.privateNames(each).length),
    [2, 0],
  );
  assertEquals(answers.weakSize(new WeakMap([[literal, 1]])), 1);
  const text = (): string => new TextDecoder().decode(new Uint8Array(20));
  const [one, other] = [text(), text()];
  assertEquals([answers.isSame(one, one), answers.isSame(one, other)], [true, false]);
});

test("the flag is off again, and the program cannot ask", () => {
  askV8();
  assertThrows(() => new Function("o", "return %HasFastProperties(o)"), SyntaxError);
});
