// Browser compatible.

type ReturnsArgument = new (object: object) => object;

/**
 * A constructor that returns its argument: a derived class puts its private field on any object. Through `Object`, which gives back what it is given:
 * where Rollup (4.68) knows the function, it drops `new Stamp(object)` for one without effects.
 */
export const ReturnsArgument: ReturnsArgument = Object(function (this: unknown, object: object): object {
  return object;
}) as ReturnsArgument;
