import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/section.tsx';
import { Empty } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { Page } from '../shell/page.tsx';
import { useWatches } from './queries.ts';
import { WatchFacts } from './watch-facts.tsx';
import { WatchFailure } from './watch-failure.tsx';
import { statusTexts, type Watch } from './watch-texts.ts';

/** Which rules are applied to the new records of which tenants, and whether that works. */
export function WatchesPage() {
  const watches = useWatches();
  return (
    <Page
      title="Watches"
      about="Which rules are applied to new records as they arrive. What matches becomes a finding."
      above={[{ href: '/console/findings', text: 'Findings' }]}
      actions={
        <a class="button primary" href="/console/watches/new">
          Create a watch
        </a>
      }
    >
      <Loaded query={watches} what="watches">
        {({ value }) =>
          value.length === 0 ? (
            <Empty icon="flag" title="There are no watches">
              <p>
                No rule is applied before a watch names it. One watch can apply all rules that come with
                Auditkeep to all tenants.
              </p>
            </Empty>
          ) : (
            value.map((watch) => <Card key={watch.id} watch={watch} />)
          )
        }
      </Loaded>
    </Page>
  );
}

function Card({ watch }: { readonly watch: Watch }) {
  const { tone, text } = statusTexts[watch.status];
  return (
    <Section
      title={
        <a href={`/console/watches/${watch.id}`}>
          <Text most={100}>{watch.displayName}</Text>
        </a>
      }
      side={<Badge tone={tone}>{text}</Badge>}
    >
      <WatchFailure watch={watch} />
      <WatchFacts watch={watch} />
    </Section>
  );
}
