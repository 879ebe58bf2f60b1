/** What the report says, what is dangerous first. */
import type { Section } from '../../document.ts';
import { beforeRange } from '../../past.ts';
import type { Attacks } from './attacks.ts';
import { chartsSection } from './charts-section.ts';
import type { Collected, SignInsInputs } from './collected.ts';
import { failuresSection } from './failures-section.ts';
import { findingsSection } from './findings-section.ts';
import type { Followers } from './followers.ts';
import { familiarityIn, type History } from './history.ts';
import { networksSection } from './networks-section.ts';
import type { Tallied } from './tally.ts';
import { waysSection } from './ways-section.ts';

interface Found {
  readonly tallied: Tallied;
  readonly attacks: Attacks;
  readonly uncounted: Collected['uncounted'];
  readonly followers: Followers;
  readonly history: History;
}

export function sectionsOf(inputs: SignInsInputs, { history, ...found }: Found): readonly Section[] {
  const pastGaps = pastGapsOf(inputs);
  const named = found.tallied.people.entries.filter(([, { name }]) => name !== '');
  const names = new Map(named.map(([person, { name }]) => [person, name]));
  const collected: Collected = {
    ...found,
    range: inputs.range,
    pastGaps,
    familiarity: familiarityIn(history, pastGaps.length === 0),
    isCollected: signInTypeOf(inputs) !== undefined,
    nameOf: (person) => names.get(person) ?? person,
  };
  return [findingsSection, failuresSection, networksSection, waysSection, chartsSection].map((section) =>
    section(collected),
  );
}

/** The content type of records of sign-ins. */
const signInType = 'Audit.AzureActiveDirectory';

function signInTypeOf({ collection }: Pick<SignInsInputs, 'collection'>) {
  return collection.contentTypes.find(({ contentType }) => contentType === signInType);
}

/** Each as one sentence. */
function pastGapsOf(inputs: SignInsInputs): readonly string[] {
  const { completeThrough } = signInTypeOf(inputs) ?? {};
  const { to } = beforeRange(inputs.range);
  const isPending = completeThrough === undefined || completeThrough < to;
  const gaps = inputs.pastGaps.filter(
    ({ contentType }) => contentType === undefined || contentType === signInType,
  );
  const reasons = new Set(gaps.map(({ reason }) => reason));
  return [...(isPending ? ['Some records of that time may still arrive.'] : []), ...reasons];
}
