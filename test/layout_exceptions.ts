// What the layout test would object to, each with its reason. It objects to what is here without need, too.

/** Groups of files that import each other's values: the first in the alphabet, how many there are, and why. */
export const CIRCLES: readonly (readonly [first: string, files: number, why: string])[] = [];

/** Files of more than 300 lines. */
export const LARGE_FILES: Readonly<Record<string, string>> = {
  "src/instrument/instrument.ts": "a third is documentation: `tracemalloc/instrument` is public",
  "src/traces/session/session.ts":
    "what lines report, in one class: the hot path shares its fields, and a page loads no more than it must",
};

/** Functions of more than 60 lines. */
export const LONG_FUNCTIONS: Readonly<Record<string, string>> = {
  "plugin/http/live_feed.ts createLiveFeed":
    "a closure for an object: all of its functions share private state",
  "src/track/sizes/size_v8.ts v8Model":
    "one line or two for each kind of object, which share the engine's words",
};

/** Files with variables of the module that change, and what for: a process has one of it, whoever imports the file. */
export const CHANGING_VARIABLES: Readonly<Record<string, string>> = {
  "plugin/http/client/main.ts": "the state that the live page shows",
  "plugin/http/held_line.ts": "whether the heap is being read: one at a time in a process",
  "plugin/http/profiles.ts": "a collection that is under way, for all who ask meanwhile",
  "plugin/preload/load_instrument.ts": "the transform, once it has been loaded",
  "plugin/preload/thread.ts": "numbers of Web Workers: one sequence in a thread",
  "plugin/testing/exclusive.ts": "a queue: tests of one process measure one after the other",
  "src/browser.ts": "calls of `stop` while the recorder is being fetched",
  "src/heap/look_for_made.ts":
    "a look that is under way, for all who ask meanwhile, and what the last one was of",
  "src/recording/collect_garbage.ts": "what the preload has it do in the end",
  "src/recording/recording.ts": "the session: `start` and `stop` are functions, as in Python",
  "src/recording/recording_control.ts":
    "what the session is told when it starts, and gives back when it stops",
  "src/recording/uninstrumented.ts": "said once in a process",
  "src/track/builtins/announced.ts": "the calls of this thread that are announced: read in each of them",
  "src/track/builtins/builtin_stand_ins.ts": "whom stand-ins report to: read in each call of one",
  "src/track/builtins/builtins.ts":
    "what the host says of modules that it has not loaded; guards against itself",
  "src/track/builtins/deferred_builtins.ts": "stand-ins that wait for a module of the host's",
  "src/track/builtins/intrinsics.ts": "whether the engine's own built-ins are in their places",
  "src/track/calls/activation.ts":
    "the number of the session: paths of an earlier one are none of this one's",
  "src/track/calls/delegation.ts":
    "between `yield*` and the generator that it enters, no argument can be passed",
  "src/track/calls/file_registry.ts": "the next site's number; the file that was found last",
  "src/track/calls/file_tracker.ts": "the recorder: read at each allocation, so that a property would cost",
  "src/track/calls/call_sites.ts": "what the engine's callback leaves for who has asked for the stack",
  "src/track/objects/stamp.ts":
    "what a constructor that takes no argument gives to the object; whether the engine refused",
  "src/track/resources/emitter_listeners.ts": "whether the engine refused to put a field on an emitter",
  "src/track/resources/event_targets.ts":
    "which targets have listeners that go by themselves, and how to ask the host: one thread has one of each",
  "src/track/resources/listeners.ts":
    "what the next owner's private field gets: a constructor that is given it would take it for its own",
  "src/track/resources/resource_sizes.ts": "what a model has said, asked for each listener that is added",
  "src/track/resources/watched_function.ts": "how deep in functions of the host's this thread is",
  "src/traces/resources/resource_blocks.ts": "the sessions of this thread, in whose tables resources may end",
  "src/track/calls/suspended.ts":
    "calls of this thread that have begun to wait, and who is shown them: asked at each `await`",
  "src/track/resources/young_owners.ts": "emitters of this thread that nobody has watched yet",
  "src/track/texts/function_to_string.ts": "what takes the method away again, once it is in its place",
  "src/track/texts/hide_frames.ts":
    "the names of our own files, which no one knows before a stack has been seen",
  "src/traces/liveness/background_compiler.ts": "a number in the text of functions: each must be a new one",
  "src/traces/liveness/collect.ts": "numbers of objects that are made to die: none is used twice",
  "src/traces/liveness/garbage_collector.ts": "the collector, once it has been looked for",
  "src/traces/liveness/settle_now.ts": "a context that has to stay alive",
  "src/traces/liveness/token_walk.ts": "whether the heap can be searched, once that has been tried",
  "src/traces/paths/recorded_calls.ts": "how the process loads code, which the preload says; said once",
};
