import { button } from "./dom.ts";

type Theme = "light" | "dark";
const KEY = "tracemalloc-theme";

/** A button for light or dark; until it is pressed, the system's choice counts. */
export function themeButton(onChange: () => void): HTMLButtonElement {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = remembered();
  const one = button("", () => {
    chosen = current() === "dark" ? "light" : "dark";
    remember(chosen);
    apply();
  });
  one.className = "quiet theme";
  const current = (): Theme => chosen ?? (dark.matches ? "dark" : "light");
  const apply = (): void => {
    document.documentElement.dataset.theme = current();
    const next = current() === "dark" ? "Light" : "Dark";
    one.textContent = next;
    one.setAttribute("aria-label", `${next} colours`);
    onChange();
  };
  dark.addEventListener("change", apply);
  apply();
  return one;
}

/** A page from a file may not be allowed to keep anything. */
function remembered(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null;
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds until the page is closed.
  }
}
