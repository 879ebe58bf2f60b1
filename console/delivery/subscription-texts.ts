/** What the console says about a webhook subscription. */
import type { AnswerTo } from '../api/paths.ts';
import type { Tone } from '../parts/tone.ts';

export type Subscription = AnswerTo<'ListSubscriptions'>['value'][number];
type Reason = NonNullable<Subscription['disabledReason']>;

const reasons: Readonly<Record<Reason, string>> = {
  gone: 'The receiver said that it does not exist anymore. Correct it, and test the subscription.',
  failing: 'The receiver failed for days. Correct it, and test the subscription.',
  revoked: 'Its creator may not read these records anymore. Delete it, and create another one.',
  invalid: 'What it asks for is not valid anymore. Delete it, and create another one.',
};

/** Its state in a word, and what to do about it if there is something to do. */
export function stateOf({ status, disabledReason, failures }: Subscription): {
  readonly tone: Tone;
  readonly text: string;
  readonly cure: string | undefined;
} {
  if (status === 'disabled')
    return { tone: 'bad', text: 'Disabled', cure: reasons[disabledReason ?? 'failing'] };
  if (failures > 0) return { tone: 'warning', text: 'Fails, is retried', cure: undefined };
  return { tone: 'good', text: 'Active', cure: undefined };
}

/** Filters as one line, in the form of a query. */
/** Which records are sent. */
export function recordsText({
  search,
  filters,
}: {
  readonly search?: string | undefined;
  readonly filters?: Readonly<Record<string, unknown>> | undefined;
}): string {
  return search === undefined ? filtersText(filters) : `Saved search "${search}"`;
}

export function filtersText(filters: Readonly<Record<string, unknown>> | undefined): string {
  const given = Object.entries(filters ?? {}).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? 'All records'
    : given.map(([name, value]) => `${name}: ${[value].flat().join(', ')}`).join('; ');
}
