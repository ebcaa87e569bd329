// The application of Vue's and Svelte's components that all bundlers build, and what each of its lines keeps.
import { assert, assertEquals } from "@std/assert";
import type { Snapshot } from "../../mod.ts";

/** Each marked line keeps as many objects as the number in its mark says; in a template there are those of Vue as well. */
export const FILES: Readonly<Record<string, string>> = {
  "index.html": `<div id="app"></div><script type="module" src="/main.ts"></script>`,
  "main.ts": `import { mount } from "svelte";
import { createApp } from "vue";
import Rows from "./Rows.vue";
import Plain from "./Plain.vue";
import Counter from "./Counter.svelte";

createApp(Rows, { count: 300 }).mount("#app");
createApp(Plain).mount(document.body.appendChild(document.createElement("div")));
mount(Counter, { target: document.body, props: { count: 500 } });
`,
  "Rows.vue": `<template>
  <p>{{ title }}</p>
  <button v-for="row in rows" :key="row.id" @click="keep(() => row)">vue {{ row.id }}</button>
  <p v-for="id in 150">{{ label([id]) }}<!-- 150 and Vue's own --></p>
</template>

<script setup lang="ts">
import { onMounted, ref } from "vue";
import { remember } from "./kept";

interface Row {
  id: number;
}

const props = defineProps<{ count: number }>();
const rows = ref<Row[]>([{ id: 1 }]);
const title: string = "rows" as const;
const label = (ids: unknown[]) => remember(ids).length;

function keep(row: () => Row): void {
  for (let i = 0; i < 200; i++) remember({ row } satisfies object); // 200
}

onMounted(() => {
  for (let id = 0; id < props.count; id++) {
    const row: Row = { id }; // 300
    remember(row);
  }
});
</script>

<style scoped>
p {
  color: red;
}
</style>
`,
  "Plain.vue": `<script src="./plain.ts" lang="ts"></script>
<template>
  <p>{{ list.length }}</p>
</template>
`,
  "plain.ts": `import { remember } from "./kept";

type Item = Record<string, number>;

export default {
  data() {
    const list: Item[] = [];
    for (let i = 0; i < 400; i++)
      list.push({ i }); // 400
    return { list: remember(list) };
  },
};
`,
  "kept.ts": `const kept: unknown[] = [];
// Rollup drops what goes into a list that nobody reads.
Object.assign(globalThis, { kept });
export function remember<T>(one: T): T {
  kept.push(one);
  return one;
}
`,
  "Counter.svelte": `<script module lang="ts">
  import { remember } from "./kept";
  import { Store } from "./store.svelte";

  interface Props {
    count: number;
  }
</script>

<script lang="ts">
  let { count }: Props = $props();
  const store = new Store();
  $effect(() => {
    for (let id = 0; id < count; id++)
      remember({ id }); // 500
    store.fill();
  });
  function add() {
    for (let i = 0; i < 600; i++) remember({ i }); // 600
  }
</script>

<button onclick={add}>svelte {store.size}</button>

<style>
  button { color: red }
</style>
`,
  "store.svelte.ts": `import { remember } from "./kept";

interface Row {
  readonly id: number;
}

export class Store {
  size: number = $state(0);
  fill(): void {
    for (let id = 0; id < 700; id++)
      remember({ id } as Row); // 700
    this.size = 700;
  }
}
`,
};

/** The lines with marks, and how many objects each keeps. */
const TEMPLATE_LINE = "Rows.vue:4";
export const EXPECTED: readonly (readonly [place: string, count: number])[] = Object.entries(FILES).flatMap(
  ([name, text]) =>
    text.split("\n").flatMap((line, i) => {
      const count = /(?:\/\/|<!--) (\d+)/.exec(line)?.[1];
      return count === undefined ? [] : [[`${name}:${i + 1}`, Number(count)] as const];
    }),
);

/** Checks that each marked line keeps what its mark says. */
export function checkLines(
  snapshot: Snapshot,
  folder: string,
  expected: readonly (readonly [place: string, count: number])[] = EXPECTED,
): void {
  const counts = new Map(
    snapshot
      .statistics("lineno")
      .map(({ traceback, count }) => [String(traceback).replace(`${folder}/`, ""), count]),
  );
  for (const [place, most] of expected) {
    const count = counts.get(place);
    if (place === TEMPLATE_LINE)
      assert(count !== undefined && count >= most, `${place} of ${JSON.stringify([...counts])}`);
    else assertEquals(count, most, `${place} of ${JSON.stringify([...counts])}`);
  }
}
