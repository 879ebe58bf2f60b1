/** The content types of the Office 365 Management Activity API. */
import * as z from 'zod';

/**
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference
 */
export const contentTypes = [
  'Audit.AzureActiveDirectory',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.General',
  'DLP.All',
] as const;

export type ContentType = (typeof contentTypes)[number];

export const contentTypeSchema = z.enum(contentTypes).meta({ id: 'ContentType' });

/**
 * The default of a tenant: all but DLP.All, whose records may contain the matched secrets in clear text, and which needs
 * a permission of its own (ActivityFeed.ReadDlp).
 */
export const defaultContentTypes: readonly ContentType[] = contentTypes.filter((type) => type !== 'DLP.All');

const letters: Readonly<Record<ContentType, string>> = {
  'Audit.AzureActiveDirectory': 'A',
  'Audit.Exchange': 'E',
  'Audit.SharePoint': 'S',
  'Audit.General': 'G',
  'DLP.All': 'D',
};

/** One letter for compact storage; see {@link contentTypeOfLetter}. */
export function letterOfContentType(type: ContentType): string {
  return letters[type];
}

/** The content type of a letter, undefined for an unknown one. */
export function contentTypeOfLetter(letter: string): ContentType | undefined {
  return contentTypes.find((type) => letters[type] === letter);
}
