import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The page's policy (service/api/dashboard_pages.cpp) takes scripts and styles from files alone.
export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    emptyOutDir: true,
    rolldownOptions: { output: { codeSplitting: { groups: [
      { name: 'shared', test: /node_modules|src\/(lib|made|shell)\// },
      { debugName: 'pages', name: (id: string) => /src\/pages\/(\w+)\/(?!page\.ts)/.exec(id)?.[1] ?? null },
    ] } } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8081' } },
});
