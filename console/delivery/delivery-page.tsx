import { UrlTabs } from '../parts/url-tabs.tsx';
import { useRefusal } from '../session/use-permissions.ts';
import { Page } from '../shell/page.tsx';
import { text } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { OwnerChoice } from './owner-choice.tsx';
import { several } from './queries.ts';
import { SearchesTab } from './searches-tab.tsx';
import { SubscriptionsTab } from './subscriptions-tab.tsx';

const schema = { of: text(several) } as const;

/** Where new records are sent, and the searches that select them. */
export function DeliveryPage() {
  const [{ of }, change] = useUrlState(schema);
  const noChannels = useRefusal('ListChannels');
  const noDestinations = useRefusal('ListDestinations');
  return (
    <Page
      title="Alerts & delivery"
      about="Where new records are sent as they arrive, and the searches that select them."
      actions={
        <>
          {noChannels === undefined && (
            <a class="button" href="/console/channels">
              Channels
            </a>
          )}
          {noDestinations === undefined && (
            <a class="button" href="/console/destinations">
              Destinations
            </a>
          )}
          <a class="button primary" href={`/console/delivery/subscribe?of=${encodeURIComponent(of)}`}>
            Subscribe to new records
          </a>
        </>
      }
    >
      <div class="filters even">
        <OwnerChoice
          value={of}
          onChange={(owner) => {
            change({ of: owner }, { push: true });
          }}
        />
      </div>
      <UrlTabs
        label="Alerts & delivery"
        tabs={[
          { id: 'webhooks', text: 'Webhook subscriptions', content: () => <SubscriptionsTab owner={of} /> },
          { id: 'searches', text: 'Saved searches', content: () => <SearchesTab owner={of} /> },
        ]}
      />
    </Page>
  );
}
