import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

// No page is made on a server and taken over in the browser: what compiler and runtime keep for that is taken out.
const clientOnly: Plugin = {
  name: 'client-only',
  enforce: 'post',
  transform(code, id) {
    if (/\.svelte$/.test(id)) return code.replace(/^\s*\$\.(reset|next|remove_input_defaults|remove_textarea_child)\([^()]*\);$/gm, '');
    if (id.endsWith('svelte/src/internal/client/dom/hydration.js'))
      return code.replace('export let hydrating = false', 'export const hydrating = false').replace('hydrating = value;', '');
    // All styles are in one file that the page names: there is nothing to fetch ahead.
    if (id.includes('vite/preload-helper')) return 'export const __vitePreload = (load) => load();';
    return null;
  },
};

// The page's policy (service/api/dashboard_pages.cpp) takes scripts and styles from files alone.
export default defineConfig({
  plugins: [svelte({ compilerOptions: { discloseVersion: false, cssHash: ({ hash, css }) => `s${hash(css).slice(0, 4)}` } }), clientOnly],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    emptyOutDir: true,
    // What is in one file is packed the better for it: what the first view needs, and all other pages.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'pages', test: /src\/pages\/(?!overview\/|\w+\/page\.ts)/ },
            { name: 'frame', test: /./ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8081' } },
});
