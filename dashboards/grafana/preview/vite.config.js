import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Grafana's library asks for process.env at run time.
export default defineConfig({
  plugins: [react()],
  define: { 'process.env': {}, 'process.env.NODE_ENV': '"production"' },
  build: { chunkSizeWarningLimit: 20_000, minify: false },
});
