/** Lists as OData has them: Graph and Exchange. */
import * as z from 'zod';
import type { Answer, MicrosoftRequest } from './api.ts';

/** One page of a list, as OData has them. A link that is null or blank ends a list, like a missing one. */
export function odataPage<T extends z.ZodType>(item: T) {
  return z.object({ value: z.array(item), '@odata.nextLink': nextLink });
}

/** A list whose pages link to each other as OData has it. */
export function odataList<T extends z.ZodType>(item: T, first: MicrosoftRequest) {
  const next = ({ data }: Answer<{ '@odata.nextLink': string | undefined }>) => {
    const { '@odata.nextLink': url } = data;
    return url === undefined ? undefined : { url };
  };
  return { schema: odataPage(item), first, next, items: ({ value }: { value: readonly unknown[] }) => value };
}

const nextLink = z
  .preprocess(
    (link) => (typeof link === 'string' && link.trim() === '' ? undefined : link),
    z.url().nullish(),
  )
  .transform((link) => link ?? undefined);
