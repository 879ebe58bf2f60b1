/** What the records cannot show. */
import { compareTexts } from '../../../compare-texts.ts';
import type { Posture } from '../../../enablement/posture.ts';
import type { Cell, Section } from '../../document.ts';
import type { Collected } from './collected.ts';
import type { Tallied } from './tally.ts';
import { unknownTable } from './tables.ts';

const throttling =
  'So much was opened that Exchange stopped recording it: for 24 hours from then, opened items are missing.';
const notAsWanted = 'The mailbox was not audited as wanted when it was checked last.';
const bypassing = 'What this account does in mailboxes is not audited: it bypasses auditing.';

export function unknownSection(collected: Collected): Section {
  const { inputs, tallied } = collected;
  const [posture] = inputs.postures;
  const { wrong = [], total = 0, asWanted = 0, unknown = 0 } = posture?.mailboxes ?? {};
  const throttled = tallied.throttled.entries
    .toSorted(byName)
    .map(([, { name, first, last }]): readonly Cell[] => [
      name === '' ? null : name,
      throttling,
      new Date(first).toISOString(),
      new Date(last).toISOString(),
    ]);
  const lasting = (name: string, reason: string): readonly Cell[] => [name, reason, null, null];
  return {
    name: 'unknown',
    title: 'What cannot be known',
    paragraphs: paragraphsOf(collected, posture),
    tables: [
      {
        ...unknownTable,
        rows: [
          ...throttled,
          ...(posture?.bypasses ?? []).map((name) => lasting(name, bypassing)),
          ...wrong.map((name) => lasting(name, notAsWanted)),
        ],
        omitted: Math.max(0, total - asWanted - unknown - wrong.length),
      },
    ],
    charts: [],
  };
}

type Throttled = Tallied['throttled']['entries'][number];

function byName([key, one]: Throttled, [otherKey, other]: Throttled): number {
  return compareTexts(one.name, other.name) || compareTexts(key, otherKey);
}

function paragraphsOf({ inputs, tallied }: Collected, posture: Posture | undefined): readonly string[] {
  const { throttled, unnamed } = tallied;
  const off = inputs.postures.filter((one) => one.mailboxAuditingDisabled).map(({ takenAt }) => takenAt);
  const said = (isSo: boolean, text: string) => (isSo ? [text] : []);
  return [
    posture === undefined
      ? 'Whether mailboxes are audited was not checked before the end of this range, so access may be missing without a trace.'
      : `Mailboxes were checked last at ${posture.takenAt}; what was not audited then may be missing.`,
    ...said(
      off.length > 0,
      `Checks at which mailbox auditing was off for the whole organization: ${off.length} of ${inputs.postures.length}, the last one at ${off[0] ?? ''}.`,
    ),
    ...said(
      throttled.entries.length > 0,
      `Mailboxes in which Exchange stopped recording opened items: ${throttled.entries.length}. Synchronized folders are recorded all the same.`,
    ),
    ...said(
      throttled.uncounted > 0,
      `Further records that say so, of mailboxes beyond those that are listed: ${throttled.uncounted}.`,
    ),
    ...said(unnamed > 0, `Records that do not say who acted, or in whose mailbox: ${unnamed}.`),
    'Opened items are recorded for users with a license for it, and other acts of owners only as each mailbox is set up: no record does not mean that nothing happened.',
  ];
}
