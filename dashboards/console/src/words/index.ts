/** Words in both languages: Chinese first, English by a switch that the browser remembers. */
import { createI18n } from 'vue-i18n';
import type { Tongue } from '../logic/causes';
import { remembered, remember } from '../logic/remembered';
import { en } from './en';
import { zh } from './zh';

export const i18n = createI18n({
  legacy: false,
  locale: remembered('tongue') === 'en' ? 'en' : 'zh',
  fallbackLocale: 'zh',
  messages: { zh, en },
});

export function speak(tongue: Tongue): void {
  i18n.global.locale.value = tongue;
  document.documentElement.lang = tongue === 'zh' ? 'zh-CN' : 'en';
  remember('tongue', tongue);
}
