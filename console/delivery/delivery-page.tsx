import { Tabs } from '../parts/tabs.tsx';
import { Page } from '../shell/page.tsx';
import { oneOf, text } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { OwnerChoice } from './owner-choice.tsx';
import { several } from './queries.ts';
import { SearchesTab } from './searches-tab.tsx';
import { SubscriptionsTab } from './subscriptions-tab.tsx';

const tabs = [
  { id: 'webhooks', text: 'Webhook subscriptions' },
  { id: 'searches', text: 'Saved searches' },
] as const;

const schema = { of: text(several), tab: oneOf(['webhooks', 'searches'], 'webhooks') } as const;

/** Where new records are sent, and the searches that select them. */
export function DeliveryPage() {
  const [{ of, tab }, change] = useUrlState(schema);
  return (
    <Page
      title="Alerts & delivery"
      about="Where new records are sent as they arrive, and the searches that select them."
      actions={
        <a class="button primary" href={`/console/delivery/subscribe?of=${encodeURIComponent(of)}`}>
          Subscribe to new records
        </a>
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
      <Tabs
        label="Alerts & delivery"
        tabs={tabs}
        selected={tab}
        onSelect={(id) => {
          change({ tab: id }, { push: true });
        }}
      >
        {tab === 'webhooks' ? <SubscriptionsTab owner={of} /> : <SearchesTab owner={of} />}
      </Tabs>
    </Page>
  );
}
