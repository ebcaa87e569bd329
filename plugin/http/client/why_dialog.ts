import type { HopWithText, LineWithTexts } from "../../../src/heap/hop_texts.ts";
import { type Child, fill, h } from "../../../src/report/html/client/dom.ts";
import { bytesText, nameText } from "../../../src/report/html/client/format.ts";
import { type HopPlace, retainingPaths } from "../../../src/report/html/client/retaining_path.ts";

/** Asks who holds the objects of a line. */
export interface WhyDialog {
  /** @param heap the heap's bytes; null: not known */
  open(key: string, heap: number | null): void;
}

/** Says first what it costs: nothing is asked before that has been read and agreed to. */
export function createWhyDialog(): WhyDialog {
  let leave: AbortController | null = null;
  const title = h("h2", {});
  const body = h("div", { class: "body" });
  const buttons = h("p", { class: "actions" });
  const dialog = h("dialog", { class: "why-dialog", "aria-label": "Why it is alive" }, title, body, buttons);
  const close = h("button", { type: "button", on: { click: () => dialog.close() } }, "Close");
  // What was asked and is not wanted any more must not go on in the program.
  dialog.addEventListener("close", () => leave?.abort());
  document.body.append(dialog);

  const show = (content: readonly Child[], actions: readonly Child[]): void => {
    fill(body, ...content);
    fill(buttons, ...actions);
  };

  async function ask(key: string): Promise<void> {
    const own = new AbortController();
    leave = own;
    const waiting =
      "The program writes its heap and stands still; then the file is read. Closing this ends the reading.";
    show([h("p", { role: "status" }, waiting)], [close]);
    close.focus();
    const content = await answer(key, own.signal).catch((error: unknown) => [failure(String(error))]);
    if (own.signal.aborted) return;
    leave = null;
    show(content, [close]);
  }

  return {
    open(key, heap) {
      leave?.abort();
      leave = null;
      fill(title, "Why is ", h("code", {}, nameText(key)), " alive?");
      const size = heap === null ? "" : ` The heap has ${bytesText(heap)} now.`;
      const warning =
        "To tell who holds its objects, the whole program stops while V8 writes its heap to a temporary file: it answers nobody for as " +
        "long as the heap is big, which is some seconds for each 50 MiB, and needs several times the heap's memory.";
      const start = h(
        "button",
        { type: "button", class: "stop", on: { click: () => void ask(key) } },
        "Stop the program and look",
      );
      const cancel = h("button", { type: "button", on: { click: () => dialog.close() } }, "Cancel");
      show([h("p", { class: "warning" }, warning + size)], [start, cancel]);
      if (!dialog.open) dialog.showModal();
      cancel.focus();
    },
  };
}

async function answer(key: string, signal: AbortSignal): Promise<HTMLElement[]> {
  const found = await fetch(`why?${new URLSearchParams({ line: key })}`, {
    method: "POST",
    credentials: "same-origin",
    signal,
  });
  if (!found.ok) return [failure((await found.text()).trim())];
  const lines = (await found.json()) as LineWithTexts[];
  return [h("div", { class: "why" }, ...lines.flatMap((line) => retainingPaths(line, placeOf)))];
}

function failure(text: string): HTMLElement {
  return h("p", { class: "failure", role: "alert" }, nameText(text));
}

function placeOf({ filename, lineno, functionName, source }: HopWithText): HopPlace {
  const place = filename === null ? null : h("code", {}, nameText(`${filename}:${lineno}`));
  const name = functionName ? h("span", { class: "muted" }, nameText(functionName)) : null;
  return { names: [place, name], source };
}
