import { useRoute } from 'preact-iso';
import { Badge } from '../parts/badge.tsx';
import { DataTable, type Column } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Empty } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { Page } from '../shell/page.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { DestinationActions } from './destination-actions.tsx';
import { DestinationState } from './destination-state.tsx';
import { useDestination, useProgress } from './destination-queries.ts';
import { kindText, stateOfDestination, stateOfProgress, type Progress } from './destination-texts.ts';

/** One destination: whether it works, how far it has got with each tenant, and what it refuses. */
export function DestinationPage() {
  const { destinationId = '' } = useRoute().params;
  const destination = useDestination(destinationId);
  return (
    <Page
      title={destination.data?.displayName ?? 'Destination'}
      above={[
        { href: '/console/delivery', text: 'Alerts & delivery' },
        { href: '/console/destinations', text: 'Destinations' },
      ]}
    >
      <Loaded query={destination} what="destination">
        {(one) => (
          <>
            <Section
              title={<Text>{kindText(one.kind)}</Text>}
              side={<Badge tone={stateOfDestination(one).tone}>{stateOfDestination(one).text}</Badge>}
            >
              <DestinationState destination={one} />
              <DestinationActions destination={one} />
            </Section>
            <Tenants destinationId={destinationId} />
            <DeadLetters destinationId={destinationId} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Tenants({ destinationId }: { readonly destinationId: string }) {
  const progress = useProgress(destinationId);
  return (
    <Section title="Tenants">
      <Loaded query={progress} what="tenants">
        {({ value }) =>
          value.length === 0 ? (
            <Empty icon="people" title="No tenant is in the set">
              <p>Tenants join as soon as they are registered or get one of the tags.</p>
            </Empty>
          ) : (
            <DataTable
              label="Tenants"
              columns={columns}
              rows={value}
              keyOf={({ tenantId }) => tenantId}
              rowHeight={52}
            />
          )
        }
      </Loaded>
    </Section>
  );
}

const columns: readonly Column<Progress>[] = [
  {
    id: 'tenant',
    title: 'Tenant',
    width: 'minmax(9rem, 2fr)',
    render: ({ tenantId, tenantDisplayName }) => (
      <a href={`/console/tenants/${tenantId}`}>
        <Text most={80}>{tenantDisplayName}</Text>
      </a>
    ),
  },
  {
    id: 'state',
    title: 'State',
    width: 'minmax(12rem, 2fr)',
    render: (row) => <Badge tone={stateOfProgress(row).tone}>{stateOfProgress(row).text}</Badge>,
  },
  {
    id: 'waiting',
    title: 'Waiting since',
    width: '12rem',
    render: ({ oldestPendingDateTime: at }) => (at === undefined ? '–' : <Moment at={at} />),
  },
  {
    id: 'complete',
    title: 'Complete through',
    width: '12rem',
    isExtra: true,
    render: ({ completeThrough: at }) => (at === undefined ? 'Not known' : <Moment at={at} />),
  },
  {
    id: 'last',
    title: 'Last sent',
    width: '12rem',
    isExtra: true,
    render: ({ lastSentDateTime: at }) => (at === undefined ? '–' : <Moment at={at} />),
  },
  {
    id: 'sent',
    title: 'Sent',
    width: '7rem',
    isExtra: true,
    render: ({ sent }) => sent.toLocaleString('en'),
  },
  {
    id: 'rejected',
    title: 'Refused',
    width: '6rem',
    render: ({ rejected }) => rejected.toLocaleString('en'),
  },
];
