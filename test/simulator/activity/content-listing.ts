/** The paged listing of content blobs. */

import { bytesOf, isGrowing, type ContentBlob } from './content-blob.ts';
import { activityReply, refuse, serviceHeaders } from './errors.ts';
import { readWindow, type Window } from './window.ts';
import { jsonReply, type Reply } from '../http.ts';
import type { Settings } from '../settings.ts';
import type { TenantState } from '../tenant-states.ts';
import type { FeedContentType } from '../tenant.ts';

export interface ListingRequest {
  readonly baseUrl: string;
  readonly state: TenantState;
  readonly contentType: FeedContentType;
  /** Parameters by lowercase name. */
  readonly query: ReadonlyMap<string, string>;
  readonly settings: Settings;
  readonly now: Date;
}

interface Page {
  readonly blobs: readonly ContentBlob[];
  /** Order key after which the next page starts; undefined on the last page. */
  readonly next: string | undefined;
}

const cursorPattern = /^(?<after>\d{23})(?<emptied>-emptied)?$/;
const beforeEverything = '0'.repeat(23);

export const answerContentListing = (request: ListingRequest): Reply => {
  const { query, now } = request;
  const cursor = query.get('nextpage');
  if (cursor !== undefined && !cursorPattern.test(cursor)) return refuse('AF20031', cursor);
  const result = readWindow(query, now, cursor === undefined);
  if (result.kind === 'refusal') return result.reply;
  const page = pageOf(request, result.window, cursor);
  const { blobs, next } = page;
  noteIn(request, page);
  const headers = next === undefined ? {} : nextPageHeader(request, result.window, next);
  const items = blobs.map((blob) => itemOf(request, blob));
  // By the simulator's clock, which tests move.
  return jsonReply(200, items, { ...serviceHeaders(), Date: now.toUTCString(), ...headers });
};

export interface BlobRequest {
  readonly state: TenantState;
  readonly contentId: string;
  readonly settleMs: number;
  readonly now: Date;
  /** Whether the content belongs to another tenant. */
  readonly isForeign: (contentId: string) => boolean;
}

export const answerContentBlob = ({ state, contentId, settleMs, now, isForeign }: BlobRequest): Reply => {
  const blob = state.feed.find(contentId);
  if (!contentId.includes('$') || (blob === undefined && isForeign(contentId)))
    return refuse('AF20052', contentId);
  if (blob === undefined || blob.contentCreated > now) return refuse('AF20050', contentId);
  if (blob.contentExpiration <= now) return refuse('AF20051', contentId);
  const { status, headers } = activityReply(200, []);
  return { status, headers: { ...headers, Date: now.toUTCString() }, body: bytesOf(blob, now, settleMs) };
};

const pageOf = (request: ListingRequest, window: Window, cursor: string | undefined): Page => {
  const { state, contentType, settings, now } = request;
  if (settings.emptyFirstPage && cursor === undefined) return { blobs: [], next: beforeEverything };
  const { after, emptied } = cursorPattern.exec(cursor ?? '')?.groups ?? {};
  if (settings.emptyPagesBetween && after !== undefined && emptied === undefined)
    return { blobs: [], next: `${after}-emptied` };
  const end = window.end > now ? new Date(now.getTime() + 1) : window.end;
  const listed = state.feed
    .list({ contentType, start: window.start, end, after })
    .filter(({ contentCreated }) => !state.subscriptions.misses(contentType, contentCreated));
  const blobs = listed.slice(0, settings.pageSize);
  return { blobs, next: listed.length > blobs.length ? blobs.at(-1)?.orderKey : undefined };
};

const noteIn = ({ state, settings, now }: ListingRequest, { blobs, next }: Page): void => {
  if (blobs.length === 0 && next !== undefined) state.listings.noteEmptyPage();
  state.listings.note(blobs, (blob) => isGrowing(blob, now, settings.settleMs));
};

/** The service returns `v1` here, although the request contains `v1.0`. */
const nextPageHeader = (
  { baseUrl, state, contentType, settings }: ListingRequest,
  { start, end }: Window,
  next: string,
): Readonly<Record<string, string>> => {
  const path = `/api/v1/${state.tenant.tenantId}/activity/feed/subscriptions/content`;
  const times = `startTime=${start.toISOString()}&endTime=${end.toISOString()}`;
  return {
    [settings.nextPageHeader]: `${baseUrl}${path}?contentType=${contentType}&${times}&nextPage=${next}`,
  };
};

const itemOf = ({ baseUrl, state }: ListingRequest, blob: ContentBlob): Readonly<Record<string, string>> => ({
  contentType: blob.contentType,
  contentId: blob.contentId,
  contentUri: `${baseUrl}/api/v1.0/${state.tenant.tenantId}/activity/feed/audit/${blob.contentId}`,
  contentCreated: blob.contentCreated.toISOString(),
  contentExpiration: blob.contentExpiration.toISOString(),
});
