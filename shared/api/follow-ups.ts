/** The operations that follow a long-running one: its status, its result, and its cancellation. */
import type * as z from 'zod';
import { resultCapability, type LinkedKind } from '../http/operation-answers.ts';
import { json, refusal } from './answers.ts';
import type { Area } from './areas.ts';
import { waitingHeaders } from './headers.ts';
import { declare, type KnownRoute, type LinkRequest, type ScopedAudience } from './operation.ts';

interface LongRunning<
  Noun extends string,
  Route extends string,
  View extends z.ZodType,
  Result extends z.ZodType,
> {
  readonly area: Area;
  /** In ids: `Export` for `GetExport`. */
  readonly noun: Noun;
  /** In texts: `an export`. */
  readonly one: string;
  readonly route: Route & KnownRoute<Route>;
  readonly audience: Pick<ScopedAudience, 'scope' | 'allTenants'>;
  /** Absent: the same as `audience`. */
  readonly cancelScope?: ScopedAudience['scope'];
  /** The result can be read by link, and flows wait for it. The path parameter `id` identifies the operation. */
  readonly linked?: { readonly kind: LinkedKind; readonly id: string };
  readonly view: View;
  readonly result: Result;
  /** Full sentences: what cancellation stops, and what it leaves. */
  readonly cancel: string;
}

/** Declares the operations on long-running ones of one kind. */
export function followUps<
  const Noun extends string,
  const Route extends string,
  View extends z.ZodType,
  Result extends z.ZodType,
>(kind: LongRunning<Noun, Route, View, Result>) {
  const { area, noun, one, route, audience, linked, view } = kind;
  const byLink = ({ path }: LinkRequest) =>
    linked && resultCapability(linked.kind, path['tenantId'], path[linked.id]);
  return {
    get: declare(`Get${noun}`, ['GET', route], {
      area,
      audience,
      summary: `Get ${one}`,
      description: `Shows the status of ${one}.`,
      answers: { 200: json('Its status.', view) },
      connector: linked && { visibility: 'advanced' },
    }),
    result: declare(`Get${noun}Result`, ['GET', `${route}/result`], {
      area,
      audience: linked === undefined ? audience : { ...audience, byLink },
      summary: `Get the result of ${one}`,
      description: `Returns the result of ${one}, or 202 with the time to wait while it is running.`,
      answers: {
        200: json('It has ended.', kind.result),
        // The same schema as of 200: generators of clients use one type for both.
        202: json('It is still running.', kind.result, waitingHeaders),
        422: refusal(
          422,
          'It failed or was canceled; details give the reasons. What it did until then is in its status.',
        ),
      },
      connector: linked && { visibility: 'internal', without: ['t'] },
    }),
    cancel: declare(`Cancel${noun}`, ['POST', `${route}/cancel`], {
      area,
      audience: { ...audience, scope: kind.cancelScope ?? audience.scope },
      summary: `Cancel ${one}`,
      description: kind.cancel,
      answers: { 202: json('It will stop.', view) },
    }),
  };
}
