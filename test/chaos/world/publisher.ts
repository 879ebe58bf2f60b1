/** Publishes a history in the simulator, and remembers all of it. */
import * as z from 'zod';
import { generateRecords } from '../../simulator/synthetic-records.ts';
import { seedOf } from '../../simulator/random.ts';
import { guidOf } from '../../support/feed-world.ts';
import { secondMs } from '../../support/clock.ts';
import type { PlannedContent, Round } from '../history.ts';
import type { World } from './world.ts';

export interface Published {
  readonly plan: PlannedContent;
  readonly tenantId: string;
  readonly contentId: string;
  readonly contentCreated: Date;
  /** One per record, as delivered. */
  readonly texts: readonly string[];
}

export interface Publisher {
  /** Moves the clock, and publishes what became available meanwhile: no listing sees one without the other. */
  readonly publish: (round: Round) => void;
  readonly all: () => readonly Published[];
  /** How often content that vanishes was fetched. */
  readonly vanished: () => number;
}

/** So young is content that still grows when it is listed. */
const growingMs = 15 * secondMs;

export function createPublisher(world: World, seed: number): Publisher {
  const { simulator, clock, tenantIds } = world;
  const published = new Map<number, Published>();
  const goneFaults = new Set<string>();
  const publishOne = (plan: PlannedContent, contentCreated: Date) => {
    const tenantId = tenantIds[plan.tenant] ?? '';
    const texts =
      published.get(plan.repeats ?? -1)?.texts ?? textsOf(plan, { seed, tenantId, contentCreated });
    const { contentType } = plan;
    const [contentId = ''] = simulator.addContent(tenantId, {
      ...{ kind: 'records', contentType, texts, contentCreated: contentCreated.toISOString() },
    });
    if (plan.kind === 'vanishing') {
      const code = plan.number % 2 === 0 ? 'AF20050' : 'AF20051';
      const match = { operation: 'blob', tenantId, contentId } as const;
      goneFaults.add(simulator.faults.add({ match, effect: { kind: 'content-gone', code } }));
    }
    published.set(plan.number, { plan, tenantId, contentId, contentCreated, texts });
  };
  return {
    publish: ({ stepMs, contents }) => {
      const before = clock.now();
      clock.advance(stepMs);
      const now = clock.now();
      for (const plan of contents) publishOne(plan, new Date(createdAt(plan, { before, now })));
    },
    all: () => [...published.values()],
    vanished: () =>
      simulator.faults.list().reduce((sum, { id, hits }) => sum + (goneFaults.has(id) ? hits : 0), 0),
  };
}

function createdAt(
  { kind, place, lateMs }: PlannedContent,
  { before, now }: { readonly before: number; readonly now: number },
): number {
  const from = kind === 'growing' ? Math.max(before, now - growingMs) : before;
  // Later than `from`: what was available then may have been listed.
  return Math.floor(from + 1 + (now - from - 1) * place) - lateMs;
}

const recordSchema = z.looseObject({ Id: z.string() });

/** Under IDs that no other record has. */
function textsOf(
  { number, contentType, records: count }: PlannedContent,
  about: { readonly seed: number; readonly tenantId: string; readonly contentCreated: Date },
): readonly string[] {
  const { seed, tenantId, contentCreated: now } = about;
  const made = generateRecords({ tenantId, count, contentType, now, seed: seedOf(seed, number) });
  return [...made].map(({ text }, at) =>
    JSON.stringify({ ...recordSchema.parse(JSON.parse(text)), Id: guidOf(`${seed} ${number} ${at}`) }),
  );
}
