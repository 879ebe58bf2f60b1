/** The endpoints of each Microsoft 365 cloud. */
import * as z from 'zod';

export const clouds = ['enterprise', 'gcc', 'gccHigh', 'dod'] as const;
export type Cloud = (typeof clouds)[number];
export const cloudSchema = z.enum(clouds).meta({ id: 'Cloud' });

export interface CloudEndpoints {
  /** Root of sign-in. */
  readonly authorityUrl: string;
  /** Root of the Management Activity API; also the audience of its tokens. */
  readonly activityApiUrl: string;
  /** Root of Microsoft Graph; also the audience of its tokens. */
  readonly graphUrl: string;
  /** Root of Exchange Online; also the audience of its tokens. */
  readonly exchangeUrl: string;
  /** Root of Partner Center, the same for all; also the audience of its tokens. */
  readonly partnerCenterUrl: string;
}

const partnerCenterUrl = 'https://api.partnercenter.microsoft.com';

const worldwide: CloudEndpoints = {
  authorityUrl: 'https://login.microsoftonline.com',
  activityApiUrl: 'https://manage.office.com',
  graphUrl: 'https://graph.microsoft.com',
  exchangeUrl: 'https://outlook.office365.com',
  partnerCenterUrl,
};

/**
 * @see https://learn.microsoft.com/office/office-365-management-api/get-started-with-office-365-management-apis
 * @see https://learn.microsoft.com/graph/deployments
 */
export const cloudEndpoints: Readonly<Record<Cloud, CloudEndpoints>> = {
  enterprise: worldwide,
  gcc: { ...worldwide, activityApiUrl: 'https://manage-gcc.office.com' },
  gccHigh: {
    authorityUrl: 'https://login.microsoftonline.us',
    activityApiUrl: 'https://manage.office365.us',
    graphUrl: 'https://graph.microsoft.us',
    exchangeUrl: 'https://outlook.office365.us',
    partnerCenterUrl,
  },
  dod: {
    authorityUrl: 'https://login.microsoftonline.us',
    activityApiUrl: 'https://manage.protection.apps.mil',
    graphUrl: 'https://dod-graph.microsoft.us',
    exchangeUrl: 'https://outlook-dod.office365.us',
    partnerCenterUrl,
  },
};
