/** The items of a listing, read leniently: one that is odd must not stop the others. */
import type { ContentBlob, UnusableItem } from '../../activity/activity-feed.ts';
import type { ContentType } from '../../activity/content-types.ts';
import { feedRetentionMs, type Window } from '../../activity/windows.ts';
import { isObject, type JsonObject } from '../../json.ts';
import { parseRecordTime } from '../../records/record-time.ts';
import { sha256Of } from '../../sha256.ts';

/** What the listing requested, and so what every item belongs to. */
export interface ListedWindow {
  readonly contentType: ContentType;
  readonly window: Window;
  /** Whether an address is one of this tenant's feed, so that the token may go there. */
  readonly isOwn: (url: string) => boolean;
}

export type ListedItem =
  | { readonly kind: 'content'; readonly content: ContentBlob }
  | { readonly kind: 'unusable'; readonly item: UnusableItem };

/** Longer ones do not exist, and do not fit into the ledger. */
const maxIdLength = 1024;
const maxUriLength = 4096;

/**
 * Reads one item. With a usable contentId and contentUri it is a content blob of the content type that was requested,
 * whatever else is missing.
 */
export function readItem(item: unknown, listed: ListedWindow): ListedItem {
  const members = isObject(item) ? item : {};
  const contentId = textOf(members, 'contentId', maxIdLength);
  const contentUri = textOf(members, 'contentUri', maxUriLength);
  const code = faultOf(item, { contentId, contentUri }, listed);
  const content = {
    contentType: listed.contentType,
    contentId: contentId ?? digestOf(item),
    contentUri: contentUri ?? '',
    ...datesOf(members, contentId ?? '', listed.window),
  };
  return code === undefined ? { kind: 'content', content } : { kind: 'unusable', item: { content, code } };
}

/** Why content cannot be fetched, or nothing. */
function faultOf(
  item: unknown,
  { contentId, contentUri }: { contentId: string | undefined; contentUri: string | undefined },
  { isOwn }: ListedWindow,
): string | undefined {
  if (!isObject(item)) return 'ItemNotAnObject';
  if (contentId === undefined) return 'ItemWithoutContentId';
  if (contentUri === undefined || !URL.canParse(contentUri)) return 'ItemWithoutContentUri';
  return isOwn(contentUri) ? undefined : 'ItemOfForeignUri';
}

function textOf(members: JsonObject, name: string, maxLength: number): string | undefined {
  const value = members[name];
  return typeof value === 'string' && value.trim() !== '' && value.length <= maxLength ? value : undefined;
}

/** The same item gets the same one in every listing. */
function digestOf(item: unknown): string {
  return `item-${sha256Of(JSON.stringify(item)).slice(0, 32)}`;
}

const dayMs = 24 * 60 * 60_000;
/** Microsoft keeps content for 7 to 20 days. */
const longestKeptMs = 60 * dayMs;

/** Dates that are missing or cannot be right are derived, in the same way in every listing. */
function datesOf(members: JsonObject, contentId: string, window: Window) {
  const isNear = (date: Date) =>
    date.getTime() >= window.start.getTime() - dayMs && date.getTime() <= window.end.getTime() + dayMs;
  const given = parseRecordTime(members['contentCreated']);
  const contentCreated =
    given !== undefined && isNear(given)
      ? given
      : (stampsOf(contentId).findLast(isNear) ??
        new Date(Math.floor(window.start.getTime() / dayMs) * dayMs));
  const expiration = parseRecordTime(members['contentExpiration']);
  const keptMs = expiration === undefined ? 0 : expiration.getTime() - contentCreated.getTime();
  const isKept = keptMs > 0 && keptMs <= longestKeptMs;
  const contentExpiration = new Date(contentCreated.getTime() + (isKept ? keptMs : feedRetentionMs));
  return { contentCreated, contentExpiration };
}

/** A contentId begins with two times: `20260302091500123000456$20260302093300…`. The last one is when it was created. */
function stampsOf(contentId: string): readonly Date[] {
  const stamps = contentId.matchAll(/(?<=^|\$)(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d*(?=\$|$)/g);
  return [...stamps].flatMap(([, year = '', month = '', day = '', ...time]) => {
    const date = parseRecordTime(`${year}-${month}-${day}T${time.slice(0, 3).join(':')}`);
    return date === undefined ? [] : [date];
  });
}
