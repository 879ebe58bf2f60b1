import { useRoute } from 'preact-iso';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/section.tsx';
import { Page } from '../shell/page.tsx';
import { DryRun } from './dry-run.tsx';
import { RuleList } from './pack-choice.tsx';
import { usePackRules, useWatch } from './queries.ts';
import { Suppressions } from './suppressions.tsx';
import { WatchActions } from './watch-actions.tsx';
import { WatchFacts } from './watch-facts.tsx';
import { WatchFailure } from './watch-failure.tsx';
import { sourceOf, statusTexts, wholePack, type Watch } from './watch-texts.ts';

/** One watch: whether it works, its rules, what they would have found, and what it passes over. */
export function WatchPage() {
  const { watchId = '' } = useRoute().params;
  const watch = useWatch(watchId);
  return (
    <Page
      title={watch.data?.displayName ?? 'Watch'}
      above={[
        { href: '/console/findings', text: 'Findings' },
        { href: '/console/watches', text: 'Watches' },
      ]}
    >
      <Loaded query={watch} what="watch">
        {(one) => (
          <>
            <State watch={one} />
            <Section title="Try it on earlier records">
              <DryRun source={sourceOf(one)} tenants={one.tenants.split(',')} />
            </Section>
            <Suppressions watch={one} />
            <Rules watch={one} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function State({ watch }: { readonly watch: Watch }) {
  const { tone, text } = statusTexts[watch.status];
  return (
    <Section title="State" side={<Badge tone={tone}>{text}</Badge>}>
      <WatchFailure watch={watch} />
      <WatchFacts watch={watch} />
      <WatchActions watch={watch} />
    </Section>
  );
}

function Rules({ watch: { pack, sigma, rule } }: { readonly watch: Watch }) {
  if (pack !== undefined)
    return (
      <Section title="Rules">
        <PackRules ids={pack} />
      </Section>
    );
  return (
    <Section title={sigma === undefined ? 'Rule' : 'Sigma rules'}>
      <pre class="code scroll-x" tabIndex={0} role="region" aria-label="The rules as they were written">
        {sigma ?? JSON.stringify(rule, undefined, 2)}
      </pre>
    </Section>
  );
}

function PackRules({ ids }: { readonly ids: readonly string[] }) {
  return (
    <Loaded query={usePackRules()} what="rules of the pack">
      {({ value }) => (
        <RuleList rules={value.filter(({ id }) => ids.includes(wholePack) || ids.includes(id))}>
          {({ title }) => title}
        </RuleList>
      )}
    </Loaded>
  );
}
