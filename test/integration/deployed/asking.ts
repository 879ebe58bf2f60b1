/** Asks the deployed app as a client does. */
import { expect } from 'vitest';
import type * as z from 'zod';
import type { DeployedApp } from './deployed-app.ts';

type Asked = Pick<DeployedApp, 'ask'>;

/** The body of an answer that is a success. @param body sent with POST */
export async function askJson<T>(
  { ask }: Asked,
  schema: z.ZodType<T>,
  [address, body]: readonly [address: string, body?: object],
): Promise<T> {
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await ask(address, sent);
  const text = await answer.text();
  expect([address, answer.status, answer.ok ? '' : text]).toEqual([address, answer.status, '']);
  return schema.parse(JSON.parse(text));
}

/** An answer page by page, as `nextLink` leads. */
export async function askPages<T extends { readonly nextLink?: string | undefined }>(
  asked: Asked,
  schema: z.ZodType<T>,
  address: string,
): Promise<readonly T[]> {
  const pages: T[] = [];
  let next: string | undefined = address;
  while (next !== undefined) {
    const page: T = await askJson(asked, schema, [next]);
    pages.push(page);
    next = page.nextLink;
  }
  return pages;
}
