// Browser compatible.
import { host } from "../../host/host.ts";
import type { V8Answers } from "../../host/v8_answers.ts";
import { sizes } from "../sizes/size.ts";
import { SLACK } from "../sizes/size_v8.ts";
import { hashRoom, overflowRoom, type V8Stores, v8Stores } from "../sizes/v8_stores.ts";
import { isProxy } from "./is_proxy.ts";

const { max } = Math;
const { ownKeys } = Reflect;
const getDescriptor = Object.getOwnPropertyDescriptor;

const WORD = 8;
const stores: V8Stores = v8Stores(WORD);
const HEADER = 3 * WORD;
const HIDDEN_CLASS = 9 * WORD;
const V8_VERSION = Number.parseInt(host.process?.versions?.v8 ?? "", 10);
/** DescriptorArray: a header, then key, details and value of each property. From V8 14 (Node 26) on the header is a word longer. */
const DESCRIPTORS = (V8_VERSION < 14 ? 3 : 4) * WORD;
/** What the function that fills fields takes more than a method: until V8 13 (Node 22) it had room for a `prototype`. */
const MORE_OF_FIELDS = V8_VERSION < 13 ? WORD : 0;
const DESCRIPTOR = 3 * WORD;
/** `length`, `name`, `prototype`, and where the class stands in the text, which alone takes a place. */
const OF_CONSTRUCTOR = 4;

/** Own properties, by where V8 keeps them. */
interface Properties {
  all: number;
  /** Methods that the class has from the start: each has its place. */
  methods: number;
  /** What came later has room for three at a time. */
  later: number;
  /** Functions among them. */
  functions: number;
}

/**
 * The size of a class with its `prototype`, both with their hidden classes, and the first one of its instances.
 *
 * @param functions How many functions the source has for it: methods, and one that fills the fields of instances.
 */
export function classSize(maker: object, functions: number, answers: V8Answers): number {
  const prototype = getDescriptor(maker, "prototype")!.value as object;
  const own = propertiesOf(maker);
  const shared = propertiesOf(prototype);
  // The constructor keeps the function that fills fields, which nobody else sees.
  const hasFields = functions > own.functions + shared.functions;
  if (hasFields) {
    own.all++;
    own.later++;
  }
  return (
    sizes.closure(true) +
    HIDDEN_CLASS +
    propertiesSize(maker, { ...own, all: own.all + OF_CONSTRUCTOR, methods: own.methods + 1 }, answers) +
    HEADER +
    propertiesSize(prototype, shared, answers) +
    functions * sizes.closure(false) +
    (hasFields ? MORE_OF_FIELDS : 0)
  );
}

/**
 * What a function has besides its own object whose `prototype` the program asks for: that, if the engine has made it, with its hidden class; the
 * first hidden class of instances; and its own, if it has been given properties.
 */
export function prototypeSize(
  maker: object,
  { given, isConstructed }: { given: number; isConstructed: boolean },
  answers: V8Answers,
): number {
  const beside = (isConstructed ? HIDDEN_CLASS : 0) + (given > 0 ? HIDDEN_CLASS : 0);
  const prototype: unknown = getDescriptor(maker, "prototype")?.value;
  if (typeof prototype !== "object" || prototype === null || isProxy(prototype)) return beside;
  const own = getDescriptor(prototype, "constructor");
  // What the program puts in its place is counted where that is made.
  if (own === undefined || own.enumerable || own.value !== maker) return beside;
  const { all, methods, later } = propertiesOf(prototype);
  // It is made as `{}` is, and keeps that room as a dictionary, too. When it ceases to be one, the rest has places for as many as there are.
  const kept = { all, room: hashRoom(all), places: max(0, methods + later - SLACK) };
  return beside + HEADER + SLACK * WORD + keptSize(prototype, kept, answers);
}

/** What properties of a class or its `prototype` take. */
function propertiesSize(object: object, { all, methods, later }: Properties, answers: V8Answers): number {
  // The dictionary was made with room for two more than there were.
  return keptSize(object, { all, room: hashRoom(all + 2), places: methods + overflowRoom(later) }, answers);
}

/** What so many properties take, with the hidden class that goes with them: in so many places, or in a dictionary with so much room. */
function keptSize(
  object: object,
  { all, room, places }: { all: number; room: number; places: number },
  answers: V8Answers,
): number {
  if (!answers.hasFastProperties(object)) return HIDDEN_CLASS + stores.nameDictionary(room);
  return HIDDEN_CLASS + DESCRIPTORS + all * DESCRIPTOR + stores.list(places);
}

/** Without those that every class has. */
function propertiesOf(object: object): Properties {
  const found = { all: 0, methods: 0, later: 0, functions: 0 };
  const keys = ownKeys(object);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof object === "function" && (key === "length" || key === "name" || key === "prototype")) continue;
    const { enumerable, value, get, set } = getDescriptor(object, key)!;
    found.all++;
    if (get !== undefined) found.functions++;
    if (set !== undefined) found.functions++;
    // Accessors lie in the hidden class.
    if (get !== undefined || set !== undefined) continue;
    if (enumerable) found.later++;
    else {
      found.methods++;
      if (typeof value === "function" && key !== "constructor") found.functions++;
    }
  }
  return found;
}
