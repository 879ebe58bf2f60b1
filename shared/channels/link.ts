/** Addresses of matters in the console. */
import type { Message } from './message.ts';

/** @param publicUrl of the API, such as `https://audit.example/api`; undefined: it is not known, and there is no link */
export function linkOf(publicUrl: string | undefined, { path }: Pick<Message, 'path'>): string | undefined {
  return publicUrl === undefined ? undefined : new URL(`/console${path ?? ''}`, publicUrl).href;
}
