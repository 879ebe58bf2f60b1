import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Empty } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { Page } from '../shell/page.tsx';
import { Fact } from '../tenants/overview-tab.tsx';
import { DestinationState } from './destination-state.tsx';
import { useDestinations } from './destination-queries.ts';
import { kindText, stateOfDestination, tenantsText, type Destination } from './destination-texts.ts';
import { recordsText } from './subscription-texts.ts';

/** Where records are sent on to, and whether that works. */
export function DestinationsPage() {
  const destinations = useDestinations();
  return (
    <Page
      title="Destinations"
      about="Databases, SIEMs, and other systems that records are sent on to. Nothing is lost while one of them cannot be reached."
      above={[{ href: '/console/delivery', text: 'Alerts & delivery' }]}
    >
      <Loaded query={destinations} what="destinations">
        {({ value }) =>
          value.length === 0 ? (
            <Empty icon="alert" title="There are no destinations">
              <p>
                A destination gets the records of all tenants, or of some, as they arrive. Create one with
                POST /destinations.
              </p>
            </Empty>
          ) : (
            value.map((destination) => <Card key={destination.id} destination={destination} />)
          )
        }
      </Loaded>
    </Page>
  );
}

function Card({ destination }: { readonly destination: Destination }) {
  const { id, displayName, kind, tenants, startDateTime } = destination;
  const { tone, text } = stateOfDestination(destination);
  return (
    <Section
      title={
        <a href={`/console/destinations/${id}`}>
          <Text most={100}>{displayName}</Text>
        </a>
      }
      side={<Badge tone={tone}>{text}</Badge>}
    >
      <DestinationState destination={destination} />
      <dl class="facts">
        <Fact name="Kind">
          <Text>{kindText(kind)}</Text>
        </Fact>
        <Fact name="Tenants">
          <Text>{tenantsText(tenants)}</Text>
        </Fact>
        <Fact name="Records">
          <Text>{recordsText(destination)}</Text>
        </Fact>
        <Fact name="Arrived since">
          <Moment at={startDateTime} />
        </Fact>
      </dl>
    </Section>
  );
}
