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
    // Pages that are seldom opened come together: packed as one they weigh a fifth less than apart.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ name: 'house', test: /src\/pages\/(nodes|clients|config|festivals)\/(?!page)|ui\/Reload/ }],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8081' } },
});
