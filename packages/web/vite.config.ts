import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `CARPENTER_SERVER`: where a running server is, when Vite serves the page by itself. */
const server = process.env.CARPENTER_SERVER ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    // The tokens use light-dark(), which older targets would have rewritten into twice the CSS.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // Nothing as data: addresses, the page's policy forbids fonts and scripts from there.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|wouter|use-sync-external-store)[\\/]/ },
            { name: 'client', test: /(node_modules[\\/](zod|idb)|packages[\\/](protocol|client))[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/ws', '/version', '/healthz', '/readyz'].map(path => [path, { target: server, ws: path === '/ws' }]),
    ),
  },
});
