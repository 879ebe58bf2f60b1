/** Follows the pages of an answer, as a client does. */
import { expect } from 'vitest';
import { z } from 'zod';
import type { Pipeline } from './pipeline.ts';

const pageSchema = z.object({
  value: z.array(z.looseObject({ id: z.string(), createdDateTime: z.string() })),
  nextLink: z.string().optional(),
  isPartial: z.boolean(),
});

export interface Page extends z.infer<typeof pageSchema> {
  /** What it cost: storage requests, and rows read. */
  readonly requests: number;
  readonly rowsRead: number;
}

export type Query = Readonly<Record<string, string>>;

/** Values as a list parameter takes them, whatever they hold. */
export function listOf(values: readonly string[]): string {
  return values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
}

/** Pages of a query, to the last one or to as many as may be. */
export async function askPages(
  pipeline: Pipeline,
  { tenantId, query, maxPages = 1000 }: { tenantId: string; query: Query; maxPages?: number },
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let next: string | undefined = `tenants/${tenantId}/records?${new URLSearchParams(query).toString()}`;
  while (next !== undefined && pages.length < maxPages) {
    const { status, headers, body } = await pipeline.get(next);
    expect([status, status === 200 ? '' : body.toString()]).toEqual([200, '']);
    const page = pageSchema.parse(JSON.parse(body.toString()));
    const [requests, rowsRead] = [headers['x-auditkeep-requests'], headers['x-auditkeep-rows-read']].map(
      Number,
    );
    pages.push({ ...page, requests: requests ?? NaN, rowsRead: rowsRead ?? NaN });
    next = page.nextLink;
  }
  return pages;
}

export function idsOf(pages: readonly Page[]): readonly string[] {
  return pages.flatMap(({ value }) => value.map(({ id }) => id));
}
