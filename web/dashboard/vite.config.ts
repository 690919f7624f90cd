import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The page's policy (service/api/dashboard_pages.cpp) takes scripts and styles from files alone.
export default defineConfig({
  plugins: [svelte({ compilerOptions: { discloseVersion: false, cssHash: ({ hash, css }) => `s${hash(css).slice(0, 4)}` } })],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    emptyOutDir: true,
    // What is in one file is packed the better for it: what all pages use, and pages that are looked at together.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'frame', test: /src\/(lib|shell)\/|node_modules\/(svelte|esm-env|clsx)\// },
            { name: 'work', test: /src\/pages\/(jobs|executions)\/(?!page\.ts)/ },
            { name: 'watch', test: /src\/pages\/(alerts|approvals|tokens)\/(?!page\.ts)/ },
            { name: 'past', test: /src\/pages\/(timeline|history|audit)\/(?!page\.ts)/ },
            { name: 'house', test: /src\/pages\/(nodes|clients|config|festivals)\/(?!page\.ts)/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8081' } },
});
