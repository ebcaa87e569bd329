import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { shapeOf } from "../../../src/track/objects/shape.ts";
import { sizes } from "../../../src/track/sizes/size.ts";
import { useOwnSizes } from "../../../src/track/sizes/size_models.ts";

useOwnSizes();

test("plain objects are measured one by one: two sites' copies have nothing in common", () => {
  const measured = Array.from({ length: 200 }, (_, index) => {
    const object = Object.fromEntries(Array.from({ length: index % 7 }, (_, key) => [`key${key}`, key]));
    return shapeOf(object).measure(object);
  });
  assertEquals(
    measured,
    measured.map((_, index) => sizes.copiedObject(index % 7)),
  );
});
