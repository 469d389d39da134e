import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses, so that the page also works below a path of a reverse proxy.
  base: './',
  build: {
    target: 'es2022',
    // MapLibre alone is about 1 MB; it is served from the same machine.
    chunkSizeWarningLimit: 1500,
    license: { fileName: 'licences.md' },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/readyz': 'http://127.0.0.1:8080' } },
});
