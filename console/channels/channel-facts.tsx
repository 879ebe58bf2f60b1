import { severityTexts } from '../findings/finding-texts.ts';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import { setText } from '../reports/tenant-sets.ts';
import { Fact } from '../tenants/overview-tab.tsx';
import { useTenants } from '../tenants/queries.ts';
import { pacingText, topicsText, type Channel } from './channel-texts.ts';
import { channelKindText } from './kind-fields.ts';

/** Which matters a channel is for, and when they are sent. */
export function ChannelFacts({ channel }: { readonly channel: Channel }) {
  const { kind, tenants, minimumSeverity, topics, lastSentDateTime } = channel;
  const known = useTenants().data?.value;
  const { text: severity } = severityTexts[minimumSeverity];
  return (
    <dl class="facts">
      <Fact name="Kind">
        <Text>{channelKindText(kind)}</Text>
      </Fact>
      <Fact name="Tenants">
        <Text>{setText(tenants, known)}</Text>
      </Fact>
      <Fact name="Matters">{topicsText(topics)}</Fact>
      <Fact name="Severity">{minimumSeverity === 'critical' ? severity : `${severity} or higher`}</Fact>
      <Fact name="When">{pacingText(channel)}</Fact>
      <Fact name="Last sent">
        {lastSentDateTime === undefined ? 'Nothing yet' : <Moment at={lastSentDateTime} />}
      </Fact>
    </dl>
  );
}
