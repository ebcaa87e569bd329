import react from "@vitejs/plugin-react";
import { tracemalloc } from "tracemalloc/unplugin/vite";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react(), tracemalloc()],
  // In this repository the package is not installed, but two folders up.
  server: { fs: { allow: ["../.."] } },
});
