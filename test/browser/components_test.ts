// Components of Vue and Svelte on Vite's development server, in Chromium: lines are those of the files that people wrote.
import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import vue from "@vitejs/plugin-vue";
import { createServer } from "vite";
import { Snapshot } from "../../mod.ts";
import { Project, root } from "../hosts/host.ts";
import { plugin } from "../integrations/app.ts";
import { launchChromium, skipWithout } from "./browsers.ts";

/** Each marked line keeps as many objects as the number in its mark says; in a template there are those of Vue as well. */
const FILES = {
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
  "Plain.vue": `<script src="./plain.ts"></script>
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
const EXPECTED = Object.entries(FILES).flatMap(([name, text]) =>
  text.split("\n").flatMap((line, i) => {
    const count = /(?:\/\/|<!--) (\d+)/.exec(line)?.[1];
    return count === undefined ? [] : [[`${name}:${i + 1}`, Number(count)] as const];
  }),
);

test("Vue and Svelte: lines are those of the components, whichever block they stand in", {
  skip: skipWithout("chromium"),
}, async () => {
  using project = new Project({ "package.json": `{"type":"module"}`, ...FILES });
  const folder = realpathSync(project.folder);
  for (const name of ["vue", "svelte"]) {
    const target = join(folder, "node_modules", name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(root, "node_modules", name), target, "dir");
  }
  const { tracemalloc } = await plugin<typeof import("../../plugin/bundlers/vite.ts")>("vite");
  const server = await createServer({
    ...{ root: folder, logLevel: "error", configFile: false },
    // Before and after the others: ours has to come last wherever it stands.
    plugins: [tracemalloc({ include: [folder], start: 5 }), vue(), svelte()],
    server: { port: 0, host: "127.0.0.1", fs: { strict: false } },
  });
  const browser = await launchChromium();
  try {
    await server.listen();
    const { port } = server.httpServer!.address() as { port: number };
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.getByText("vue 1").click();
    await page.getByText("svelte 700").click();
    const response = await fetch(`http://127.0.0.1:${port}/__tracemalloc/snapshot.pb.gz`);
    assertEquals(response.status, 200);
    const snapshot = Snapshot.fromBytes(new Uint8Array(await response.arrayBuffer()));
    const counts = new Map(
      snapshot
        .statistics("lineno")
        .map(({ traceback, count }) => [String(traceback).replace(`${folder}/`, ""), count]),
    );
    assertEquals(EXPECTED.length, 7);
    for (const [place, expected] of EXPECTED) {
      const count = counts.get(place);
      if (place === TEMPLATE_LINE) assert(count !== undefined && count >= expected, `${place}: ${count}`);
      else assertEquals(count, expected, place);
    }
    assertEquals(
      errors.filter((text) => !text.includes("favicon") && !text.includes("404")),
      [],
    );
  } finally {
    await browser.close();
    await server.close();
  }
});
