/** Each record is answered exactly once, with its exact text. */
import * as z from 'zod';
import { dayMs } from '../../support/clock.ts';
import type { World } from '../world/world.ts';
import type { Deliverable } from './deliverable.ts';
import { differences, type Outcome } from './invariant.ts';

const pageSchema = z.object({
  value: z.array(z.looseObject({ auditData: z.unknown() })),
  nextLink: z.url().optional(),
});

export async function checkAnswered(world: World, { textsByTenant }: Deliverable): Promise<Outcome> {
  const problems: string[] = [];
  let records = 0;
  for (const [tenantId, wanted] of textsByTenant) {
    const answered = await textsOf(world, tenantId);
    records += answered.length;
    problems.push(...differences(wanted, answered, (text) => `${tenantId} ${text.slice(0, 200)}`));
  }
  return { name: 'each record is answered once, as delivered', detail: `${records} records`, problems };
}

/** The texts of all records, page by page. */
async function textsOf({ hosts, apiKey, clock }: World, tenantId: string): Promise<readonly string[]> {
  const [from, to] = [-60 * dayMs, dayMs].map((ms) => new Date(clock.now() + ms).toISOString());
  const query = `from=${from ?? ''}&to=${to ?? ''}&top=200&expand=auditData`;
  const texts: string[] = [];
  let url: string | undefined = `${hosts[0]?.baseUrl ?? ''}/api/tenants/${tenantId}/records?${query}`;
  while (url !== undefined) {
    const response: Response = await fetch(url, { headers: { 'x-api-key': apiKey } });
    const body: string = await response.text();
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${body}`);
    const page: z.infer<typeof pageSchema> = pageSchema.parse(JSON.parse(body));
    // Texts are as JSON.stringify makes them; that the page holds them byte for byte is checked as well.
    const found = page.value.map(({ auditData }) => JSON.stringify(auditData));
    texts.push(...found.filter((text) => body.includes(text)));
    url = page.nextLink;
  }
  return texts;
}
