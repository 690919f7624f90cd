import { defineConfig } from 'vite';

// The page's policy (service/api/dashboard_pages.cpp) takes scripts and styles from files alone.
export default defineConfig({
  // Elements as plain calls, with children as arguments, weigh less than with children in their properties.
  oxc: { jsx: { runtime: 'classic', pragma: '_h', pragmaFrag: '_Fragment' }, jsxInject: "import { h as _h, Fragment as _Fragment } from 'preact'" },
  build: {
    target: 'es2022',
    cssTarget: ['chrome120', 'firefox120', 'safari17.2'],
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
