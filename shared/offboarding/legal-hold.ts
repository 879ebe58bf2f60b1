/** Legal holds: while one is in force, nothing of the tenant is deleted. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import { storedDate } from '../stored-date.ts';
import type { Telemetry } from '../telemetry.ts';

export const legalHoldEventSchema = z.object({
  kind: z.enum(['placed', 'lifted']),
  at: storedDate,
  /** Who did it. */
  by: z.string(),
  reason: z.string(),
  /** Of one that lifts: when the newest hold that it lifts was placed. A hold that is placed meanwhile stays. */
  lifts: storedDate.optional(),
});
export type LegalHoldEvent = Readonly<z.output<typeof legalHoldEventSchema>>;

/** Evidence: it is only added to, and outlives the tenant and all its data. */
export interface LegalHolds {
  /** Newest first. @throws when storage fails: whether a hold is in force is then unknown */
  events(tenantId: string): Promise<readonly LegalHoldEvent[]>;
  /** Durable when it resolves. */
  append(tenantId: string, event: LegalHoldEvent): Promise<void>;
}

export interface LegalHoldDeps {
  readonly legalHolds: LegalHolds;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

export interface HoldChoice {
  readonly tenantId: string;
  /** Who decides. */
  readonly caller: string;
  readonly reason: string;
}

/** The event that placed the hold which is in force; undefined if none is. @param events newest first */
export function holdIn(events: readonly LegalHoldEvent[]): LegalHoldEvent | undefined {
  const placed = events.find(({ kind }) => kind === 'placed');
  if (placed === undefined) return undefined;
  const isLifted = events.some(({ lifts }) => lifts !== undefined && lifts >= placed.at);
  return isLifted ? undefined : placed;
}

/** Places a hold, or replaces the reason of the one in force. Repeating it changes nothing. */
export async function placeHold(
  deps: LegalHoldDeps,
  { tenantId, caller, reason }: HoldChoice,
): Promise<readonly LegalHoldEvent[]> {
  const events = await deps.legalHolds.events(tenantId);
  if (holdIn(events)?.reason === reason) return events;
  const placed: LegalHoldEvent = { kind: 'placed', at: after(deps, events), by: caller, reason };
  return await append(deps, tenantId, placed, events);
}

/** @throws RequestError 404 when none is in force */
export async function liftHold(
  deps: LegalHoldDeps,
  { tenantId, caller, reason }: HoldChoice,
): Promise<readonly LegalHoldEvent[]> {
  const events = await deps.legalHolds.events(tenantId);
  const hold = holdIn(events);
  if (hold === undefined) {
    const message = 'No legal hold is in force for this tenant. GET shows its history.';
    throw new RequestError(404, 'LegalHoldNotFound', message);
  }
  const at = after(deps, events);
  const lifted: LegalHoldEvent = { kind: 'lifted', at, by: caller, reason, lifts: hold.at };
  return await append(deps, tenantId, lifted, events);
}

async function append(
  { legalHolds, telemetry }: LegalHoldDeps,
  tenantId: string,
  event: LegalHoldEvent,
  before: readonly LegalHoldEvent[],
): Promise<readonly LegalHoldEvent[]> {
  await legalHolds.append(tenantId, event);
  telemetry(event.kind === 'placed' ? 'tenants.hold.placed' : 'tenants.hold.lifted', {
    tenantId,
    caller: event.by,
  });
  return [event, ...before];
}

/** Later than all others, whatever the clocks of other hosts say. */
function after({ now }: LegalHoldDeps, [newest]: readonly LegalHoldEvent[]): Date {
  return new Date(Math.max(now().getTime(), (newest?.at.getTime() ?? 0) + 1));
}

/** @throws RequestError 409 while a hold is in force */
export async function requireNoHold(legalHolds: LegalHolds, tenantId: string): Promise<void> {
  const hold = holdIn(await legalHolds.events(tenantId));
  if (hold !== undefined) throw new RequestError(409, 'LegalHold', describeHold(hold));
}

export const heldCode = 'LegalHold';

export function describeHold({ at, by, reason }: LegalHoldEvent): string {
  return `Nothing of this tenant is deleted: ${by} placed it under legal hold at ${at.toISOString()} (${reason}). Lift the hold first.`;
}

/** As answers show it. */
export function publicHold(tenantId: string, events: readonly LegalHoldEvent[]) {
  const hold = holdIn(events);
  return {
    tenantId,
    isHeld: hold !== undefined,
    ...(hold === undefined ? {} : holdMembers(hold)),
    history: events.map(({ kind, at, by, reason }) => ({
      action: kind,
      atDateTime: at.toISOString(),
      by,
      reason,
    })),
  };
}

export function holdMembers({ at, by, reason }: LegalHoldEvent) {
  return { placedDateTime: at.toISOString(), placedBy: by, reason };
}
