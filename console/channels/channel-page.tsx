import { useRoute } from 'preact-iso';
import { DestinationState } from '../delivery/destination-state.tsx';
import { stateOfDestination } from '../delivery/destination-texts.ts';
import { severityTexts } from '../findings/finding-texts.ts';
import { Badge } from '../parts/badge.tsx';
import { DataTable, type Column } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Text } from '../parts/text.tsx';
import { nameIn, useTenantChoices } from '../search/queries.ts';
import { Page } from '../shell/page.tsx';
import { ChannelActions } from './channel-actions.tsx';
import { ChannelFacts } from './channel-facts.tsx';
import { aboveChannels, resultTexts, type Channel, type Delivery } from './channel-texts.ts';
import { useChannel, useDeliveries } from './queries.ts';

/** One channel: whether it works, which matters it is for, and what it has sent. */
export function ChannelPage() {
  const { channelId = '' } = useRoute().params;
  const channel = useChannel(channelId);
  return (
    <Page
      title={channel.data?.displayName ?? 'Channel'}
      above={[aboveChannels, { href: '/console/channels', text: 'Channels' }]}
    >
      <Loaded query={channel} what="channel">
        {(one) => (
          <>
            <Section
              title="State"
              side={<Badge tone={stateOfDestination(one).tone}>{stateOfDestination(one).text}</Badge>}
            >
              <DestinationState destination={one} what="channel" />
              <ChannelFacts channel={one} />
              <ChannelActions channel={one} />
            </Section>
            <Deliveries channelId={channelId} />
            <Settings settings={one.settings} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** They name secrets, and have none. */
function Settings({ settings }: Pick<Channel, 'settings'>) {
  return (
    <Section title="Settings">
      <p class="fine">Secrets are in the Key Vault of the deployment: only their names are here.</p>
      <pre class="code" tabIndex={0} role="region" aria-label="Settings as JSON">
        {JSON.stringify(settings, undefined, 2)}
      </pre>
    </Section>
  );
}

function Deliveries({ channelId }: { readonly channelId: string }) {
  const deliveries = useDeliveries(channelId);
  return (
    <Section title="Sent in the last 30 days">
      <Loaded query={deliveries} what="deliveries">
        {({ value }) =>
          value.length === 0 ? (
            <p>Nothing was sent.</p>
          ) : (
            <>
              <p class="fine">
                {value.length < mostDeliveries ? `All ${value.length}` : `The newest ${value.length}`}, newest
                first.
              </p>
              <DataTable
                label="Deliveries"
                columns={columns}
                rows={value}
                keyOf={({ id }) => id}
                rowHeight={52}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

/** In one answer. */
const mostDeliveries = 1000;

function TenantName({ tenantId }: { readonly tenantId: string }) {
  const tenants = useTenantChoices(true).data;
  return <Text most={80}>{nameIn(tenants, tenantId)}</Text>;
}

const columns: readonly Column<Delivery>[] = [
  {
    id: 'result',
    title: 'Result',
    width: '8rem',
    render: ({ result }) => <Badge tone={resultTexts[result].tone}>{resultTexts[result].text}</Badge>,
  },
  {
    id: 'matter',
    title: 'Matter',
    width: 'minmax(11rem, 3fr)',
    render: ({ title, cause, tenantId, together, perhapsTwice }) => (
      <span class="two-lines">
        <Text most={120}>{title}</Text>
        <span class="fine" title={cause}>
          {tenantId === undefined ? 'Not about one tenant' : <TenantName tenantId={tenantId} />}
          {together > 1 && `, one message about ${together}`}
          {perhapsTwice && ', perhaps twice'}
          {cause !== undefined && (
            <>
              : <Text most={200}>{cause}</Text>
            </>
          )}
        </span>
      </span>
    ),
  },
  {
    id: 'severity',
    title: 'Severity',
    width: '8.5rem',
    isExtra: true,
    render: ({ severity }) => (
      <Badge tone={severityTexts[severity].tone}>{severityTexts[severity].text}</Badge>
    ),
  },
  {
    id: 'sent',
    title: 'When',
    width: '13rem',
    isExtra: true,
    render: ({ sentDateTime }) => <Moment at={sentDateTime} />,
  },
];
