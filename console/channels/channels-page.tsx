import { DestinationState } from '../delivery/destination-state.tsx';
import { stateOfDestination } from '../delivery/destination-texts.ts';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/section.tsx';
import { Empty } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { Page } from '../shell/page.tsx';
import { aboveChannels } from './channel-texts.ts';
import { ChannelFacts } from './channel-facts.tsx';
import type { Channel } from './channel-texts.ts';
import { useChannels } from './queries.ts';

/** Who is notified of what, and whether that works. */
export function ChannelsPage() {
  const channels = useChannels();
  return (
    <Page
      title="Channels"
      about="Who is notified of findings and of what is wrong with collection: by mail, in chats, by incidents or tickets."
      above={[aboveChannels]}
      actions={
        <a class="button primary" href="/console/channels/new">
          Create a channel
        </a>
      }
    >
      <Loaded query={channels} what="channels">
        {({ value }) =>
          value.length === 0 ? (
            <Empty icon="alert" title="There are no channels">
              <p>No one is notified of what watches find. A channel sends each matter once.</p>
            </Empty>
          ) : (
            value.map((channel) => <Card key={channel.id} channel={channel} />)
          )
        }
      </Loaded>
    </Page>
  );
}

function Card({ channel }: { readonly channel: Channel }) {
  const { tone, text } = stateOfDestination(channel);
  return (
    <Section
      title={
        <a href={`/console/channels/${channel.id}`}>
          <Text most={100}>{channel.displayName}</Text>
        </a>
      }
      side={<Badge tone={tone}>{text}</Badge>}
    >
      <DestinationState destination={channel} what="channel" />
      <ChannelFacts channel={channel} />
    </Section>
  );
}
