/** IDs of landings, and names of blobs: they begin with a time, and say what is in them. */
import { createHash } from 'node:crypto';
import type { ContentBlob } from '../activity/activity-feed.ts';

/** Landing time, then a hash of the contents: sorts by time, and two landings with the same time differ. */
export function landingIdOf(
  landedAt: Date,
  contents: readonly Pick<ContentBlob, 'contentId'>[],
  part = 0,
): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content.contentId).update('\n');
  const suffix = part === 0 ? '' : `-${part}`;
  return `${landingStamp(landedAt)}-${hash.digest('hex').slice(0, 16)}${suffix}`;
}

/** Landing ids begin with a digit: all of them sort before this, and everything else in their table after it. */
export const afterLandings = ':';

/** The prefix of landing ids with this time: `20260302T091407123`. */
export function landingStamp(landedAt: Date): string {
  return landedAt.toISOString().replaceAll(/[-:.Z]/g, '');
}

const rawEnding = '.ndjson.gz';

/** When it landed, as its ID says. */
export function timeOfLanding(landingId: string): Date {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})/.exec(landingId) ?? [];
  const date = `${year ?? ''}-${month ?? ''}-${day ?? ''}`;
  return new Date(`${date}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}.${ms ?? ''}Z`);
}

/** `tenant=…/date=…/….ndjson.gz`: hive partitions, which analytics engines read directly. */
export function rawBlobName(tenantId: string, landedAt: Date, landingId: string): string {
  return `tenant=${tenantId}/date=${landedAt.toISOString().slice(0, 10)}/${landingId}${rawEnding}`;
}

/** Undefined for any other blob. */
export function landingIdOfBlob(blobName: string): string | undefined {
  const name = blobName.slice(blobName.lastIndexOf('/') + 1);
  return name.endsWith(rawEnding) ? name.slice(0, -rawEnding.length) : undefined;
}

/** The name of a rejected body in its container. */
export function rejectedBlobName(
  tenantId: string,
  content: Pick<ContentBlob, 'contentId' | 'contentCreated'>,
  sha256: string,
): string {
  const id = createHash('sha256').update(content.contentId).digest('hex').slice(0, 16);
  return `tenant=${tenantId}/date=${content.contentCreated.toISOString().slice(0, 10)}/${id}-${sha256.slice(0, 16)}`;
}
