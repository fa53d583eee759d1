import type { Request } from 'express';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** The reader's language by `Accept-Language`; English unless Chinese is asked for. */
export function languageOf(request: Request): Language {
  const asked = request.acceptsLanguages('en', 'zh', 'zh-CN', 'zh-TW', 'zh-HK', 'zh-Hans', 'zh-Hant', 'en-US', 'en-GB');
  return typeof asked === 'string' && asked.startsWith('zh') ? 'zh' : 'en';
}
