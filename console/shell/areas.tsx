/** The areas of the console and their pages: adding a page is a row here. Pages are loaded when they are first opened. */
import { lazy } from 'preact-iso';
import type { ComponentType } from 'preact';
import type { IconName } from '../parts/icon.tsx';
import type { Action } from '../session/permissions.ts';

interface AreaPage {
  /** Below /console, with parameters: `/tenants/:tenantId`. The component finds them in `useRoute().params`. */
  readonly path: string;
  readonly component: ComponentType;
  /** It is for those who may do one of these; absent: as its area. */
  readonly needs?: readonly Action[];
}

export interface Area {
  readonly name: string;
  readonly icon: IconName;
  /** It is for those who may do one of these. */
  readonly needs: readonly Action[];
  /** The first one is the area's own. */
  readonly pages: readonly [AreaPage, ...AreaPage[]];
}

const readers: readonly Action[] = ['ListTenants'];

export const areas: readonly Area[] = [
  {
    name: 'Tenants',
    icon: 'people',
    needs: readers,
    pages: [
      {
        path: '/tenants',
        component: lazy(async () => (await import('../tenants/tenants-page.tsx')).TenantsPage),
      },
      {
        path: '/tenants/onboard',
        needs: ['RegisterTenant'],
        component: lazy(async () => (await import('../tenants/onboard-page.tsx')).OnboardPage),
      },
      {
        path: '/onboardings/:onboardingId',
        needs: ['GetOnboarding'],
        component: lazy(async () => (await import('../tenants/onboarding-page.tsx')).OnboardingPage),
      },
      {
        path: '/tenants/:tenantId',
        component: lazy(async () => (await import('../tenants/tenant-page.tsx')).TenantPage),
      },
      {
        path: '/tenants/:tenantId/enablements/:enablementId',
        component: lazy(async () => (await import('../tenants/enablement-page.tsx')).EnablementPage),
      },
    ],
  },
  {
    name: 'Findings',
    icon: 'flag',
    needs: readers,
    pages: [
      {
        path: '/findings',
        component: lazy(async () => (await import('../findings/findings-page.tsx')).FindingsPage),
      },
      {
        path: '/findings/:tenantId/:findingId',
        component: lazy(async () => (await import('../findings/finding-page.tsx')).FindingPage),
      },
      {
        path: '/watches',
        needs: ['ListWatches'],
        component: lazy(async () => (await import('../watches/watches-page.tsx')).WatchesPage),
      },
      {
        // Before those that exist, of which the address looks the same.
        path: '/watches/new',
        needs: ['ListWatches'],
        component: lazy(async () => (await import('../watches/new-watch-page.tsx')).NewWatchPage),
      },
      {
        path: '/watches/:watchId',
        needs: ['ListWatches'],
        component: lazy(async () => (await import('../watches/watch-page.tsx')).WatchPage),
      },
    ],
  },
  {
    name: 'Search',
    icon: 'search',
    needs: readers,
    pages: [
      {
        path: '/search',
        component: lazy(async () => (await import('../search/search-page.tsx')).SearchPage),
      },
    ],
  },
  {
    name: 'Investigation',
    icon: 'investigation',
    needs: readers,
    pages: [
      {
        path: '/investigation',
        component: lazy(
          async () => (await import('../investigation/investigation-page.tsx')).InvestigationPage,
        ),
      },
    ],
  },
  {
    name: 'Reports',
    icon: 'report',
    needs: readers,
    pages: [
      {
        path: '/reports',
        component: lazy(async () => (await import('../reports/reports-page.tsx')).ReportsPage),
      },
      {
        // Before those of tenants, of which the address looks the same.
        path: '/reports/sets/:reportSetId',
        component: lazy(async () => (await import('../reports/report-set-page.tsx')).ReportSetPage),
      },
      {
        path: '/reports/:tenantId/:reportId',
        component: lazy(async () => (await import('../reports/report-page.tsx')).ReportPage),
      },
    ],
  },
  {
    name: 'Ingestion',
    icon: 'ingestion',
    needs: readers,
    pages: [
      {
        path: '/ingestion',
        component: lazy(async () => (await import('../ingestion/ingestion-page.tsx')).IngestionPage),
      },
      {
        path: '/ingestion/:tenantId',
        component: lazy(async () => (await import('../ingestion/tenant-page.tsx')).IngestionOfTenantPage),
      },
      {
        path: '/ingestion/:tenantId/verifications/:verificationId',
        component: lazy(async () => (await import('../ingestion/verification-page.tsx')).VerificationPage),
      },
    ],
  },
  {
    name: 'Alerts & delivery',
    icon: 'alert',
    needs: readers,
    pages: [
      {
        path: '/delivery',
        component: lazy(async () => (await import('../delivery/delivery-page.tsx')).DeliveryPage),
      },
      {
        path: '/delivery/subscribe',
        component: lazy(async () => (await import('../delivery/subscribe-page.tsx')).SubscribePage),
      },
      {
        path: '/channels',
        needs: ['ListChannels'],
        component: lazy(async () => (await import('../channels/channels-page.tsx')).ChannelsPage),
      },
      {
        // Before those that exist, of which the address looks the same.
        path: '/channels/new',
        needs: ['ListChannels'],
        component: lazy(async () => (await import('../channels/new-channel-page.tsx')).NewChannelPage),
      },
      {
        path: '/channels/:channelId',
        needs: ['ListChannels'],
        component: lazy(async () => (await import('../channels/channel-page.tsx')).ChannelPage),
      },
      {
        path: '/destinations',
        needs: ['ListDestinations'],
        component: lazy(async () => (await import('../delivery/destinations-page.tsx')).DestinationsPage),
      },
      {
        path: '/destinations/:destinationId',
        needs: ['ListDestinations'],
        component: lazy(async () => (await import('../delivery/destination-page.tsx')).DestinationPage),
      },
    ],
  },
  {
    name: 'Access',
    icon: 'access',
    needs: ['ListKeys', 'ListAccessLog'],
    pages: [
      {
        path: '/access',
        component: lazy(async () => (await import('../access/access-page.tsx')).AccessPage),
      },
      {
        path: '/access/keys/new',
        needs: ['CreateKey'],
        component: lazy(async () => (await import('../access/new-key-page.tsx')).NewKeyPage),
      },
    ],
  },
];
