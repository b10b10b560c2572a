import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** `VITE_DAEMON=http://127.0.0.1:8080 npx vite` serves the sources beside a running daemon. */
const daemon = process.env.VITE_DAEMON ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/console/',
  plugins: [vue()],
  build: {
    target: 'es2020',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      output: { manualChunks: { vue: ['vue', 'vue-router', 'vue-i18n'], echarts: ['echarts/core', 'echarts/charts', 'echarts/components', 'echarts/renderers'] } },
    },
  },
  // The list of causes is the daemon's own: daemon/core/cause.def.
  server: { fs: { allow: ['../..'] }, proxy: Object.fromEntries(['/api', '/readyz', '/status'].map((path) => [path, daemon])) },
});
