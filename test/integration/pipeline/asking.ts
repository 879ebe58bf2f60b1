/** Follows the pages of an answer, as a client does. */
import { expect } from 'vitest';
import * as z from 'zod';
import type { Pipeline } from './pipeline.ts';

const pageSchema = z.object({
  value: z.array(z.looseObject({ id: z.string(), createdDateTime: z.string() })),
  nextLink: z.string().optional(),
  completeThrough: z.string().optional(),
  isPartial: z.boolean(),
  isPending: z.boolean(),
  hasGaps: z.boolean(),
});

export interface Page extends z.infer<typeof pageSchema> {
  /** Cost: storage requests, rows read, and milliseconds. */
  readonly requests: number;
  readonly rowsRead: number;
  readonly duration: number;
}

/** Parameters; several values are sent as separate ones. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

export function searchOf(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(pairs).toString();
}

/** Values as a list parameter takes them, whatever they hold. */
export function listOf(values: readonly string[]): string {
  return values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
}

/** Pages of a query, up to the last one or a limit. */
export async function askPages(
  pipeline: Pipeline,
  { tenantId, query, maxPages = 1000 }: { tenantId: string; query: Query; maxPages?: number },
): Promise<readonly Page[]> {
  return await followPages(pipeline, `tenants/${tenantId}/records?${searchOf(query)}`, maxPages);
}

/** The same, from any address. */
export async function followPages(
  pipeline: Pipeline,
  first: string,
  maxPages = 1000,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let next: string | undefined = first;
  while (next !== undefined && pages.length < maxPages) {
    const { status, headers, body } = await pipeline.get(next);
    expect([status, status === 200 ? '' : body.toString()]).toEqual([200, '']);
    const page = pageSchema.parse(JSON.parse(body.toString()));
    const cost = (name: string) => Number(headers[`x-auditkeep-${name}`]);
    pages.push({
      ...page,
      ...{ requests: cost('requests'), rowsRead: cost('rows-read'), duration: cost('duration') },
    });
    next = page.nextLink;
  }
  return pages;
}

export function idsOf(pages: readonly Page[]): readonly string[] {
  return pages.flatMap(({ value }) => value.map(({ id }) => id));
}
