/** The records that the report lists one by one, with what they mean. */
import * as z from 'zod';
import type { FoundRecord } from '../../../query/found-record.ts';
import { describe, textOf } from '../../../sentences/describe.ts';
import { cutText } from '../../cut-text.ts';
import { severities } from '../../document.ts';
import { keepFirst, keptSchema, nothingKept } from '../../kept-first.ts';
import { newestFirst } from '../../newest-first.ts';
import type { ReportLimits } from '../../report-inputs.ts';
import { shownChanges, shownSeverities } from '../../shown-acts.ts';
import { activityIn, isAboutSharing } from './activities.ts';
import { reaches, sharedWith, type Reach } from './reach.ts';

const toldSchema = z.strictObject({
  recordId: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  severity: z.enum(severities),
  operation: z.string(),
  sentence: z.string(),
  changes: z.string(),
  address: z.string().nullable(),
});
/** A record, and what it means. */
export type Told = Readonly<z.infer<typeof toldSchema>>;

const shareSchema = toldSchema.extend({
  /** Whether someone got access; otherwise it changed, was used, or was taken away. */
  isGiven: z.boolean(),
  reach: z.enum(reaches),
  recipient: z.string().nullable(),
  objectId: z.string().nullable(),
});
export type Share = Readonly<z.infer<typeof shareSchema>>;

export const toldsSchema = z.strictObject({
  timeline: keptSchema(toldSchema),
  /** Those about sharing. */
  shares: keptSchema(shareSchema),
  /** Records that gave access. */
  given: z.strictObject({ anyone: z.int(), outside: z.int(), organization: z.int(), people: z.int() }),
});
export type ToldSoFar = z.infer<typeof toldsSchema>;

export const nothingTold: ToldSoFar = {
  timeline: nothingKept,
  shares: nothingKept,
  given: { anyone: 0, outside: 0, organization: 0, people: 0 },
};

/** Of each list; the document has no room for many more. */
const maxKept = 1000;

export interface Teller {
  add(record: FoundRecord, auditData: unknown): void;
  told(): ToldSoFar;
}

/** Continues what was added. */
export function createTeller(limits: ReportLimits, begun: ToldSoFar): Teller {
  const most = Math.min(limits.rows, maxKept);
  const timeline = keepFirst<Told>(begun.timeline, most, byImportance);
  const shares = keepFirst<Share>(begun.shares, most, byReach);
  const given = { ...begun.given };
  return {
    add(record, auditData) {
      const told = toldOf(record, auditData);
      timeline.add(told);
      if (!isAboutSharing(record.summary.operation ?? '')) return;
      const share = shareOf(told, record, auditData);
      shares.add(share);
      if (share.isGiven) given[share.reach] += 1;
    },
    told: () => ({ timeline: timeline.all(), shares: shares.all(), given: { ...given } }),
  };
}

function toldOf({ id, createdDateTime, summary }: FoundRecord, auditData: unknown): Told {
  const { severity, sentence, changes } = describe(summary, auditData);
  return {
    recordId: id,
    at: createdDateTime.getTime(),
    severity: shownSeverities[severity],
    operation: cutText(summary.operation ?? ''),
    sentence: cutText(textOf(sentence)),
    changes: cutText(shownChanges(changes)),
    address: cutOrNull(summary.clientIp),
  };
}

function shareOf(told: Told, { summary }: FoundRecord, auditData: unknown): Share {
  const { reach, recipient } = sharedWith(summary, auditData);
  const isGiven = activityIn(summary.operation ?? '') === 'share';
  const severity = isGiven && isWide(reach) && told.severity === 'notice' ? 'warning' : told.severity;
  const objectId = cutOrNull(summary.objectId);
  return { ...told, severity, isGiven, reach, recipient: cutOrNull(recipient), objectId };
}

/** Beyond the organization. */
function isWide(reach: Reach): boolean {
  return reach === 'anyone' || reach === 'outside';
}

function cutOrNull(text: string | undefined): string | null {
  return text === undefined ? null : cutText(text);
}

/** The worst first, and of these the newest. */
function byImportance(a: Told, b: Told): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || newestFirst(a, b);
}

/** What gave access first, the widest access before all other. */
function byReach(a: Share, b: Share): number {
  const given = Number(b.isGiven) - Number(a.isGiven);
  return given || reaches.indexOf(a.reach) - reaches.indexOf(b.reach) || newestFirst(a, b);
}
