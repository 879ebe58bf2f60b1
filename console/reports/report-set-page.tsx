import { useQueryClient } from '@tanstack/preact-query';
import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { answerOf, api } from '../api/client.ts';
import { Badge } from '../parts/badge.tsx';
import { Cancel } from '../parts/cancel.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Progress } from '../parts/progress.tsx';
import { Section } from '../parts/section.tsx';
import { Partial } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { announce } from '../shell/announcer.tsx';
import { Page } from '../shell/page.tsx';
import { useTenants } from '../tenants/queries.ts';
import { Downloads } from './downloads.tsx';
import { contentOfSetAs, isRunning, keyOfSet, keyOfSetTenants, useReportSet } from './queries.ts';
import { ReportFact, ReportFacts } from './report-facts.tsx';
import { progressText, setStatusText, type ReportSet } from './set-texts.ts';
import { SetTenants } from './set-tenants.tsx';
import { setText } from './tenant-sets.ts';

/** Reports on several tenants: they are computed whether this page is open or not, and are always found at this address. */
export function ReportSetPage() {
  const { reportSetId = '' } = useRoute().params;
  const set = useReportSet(reportSetId);
  const tenants = useTenants().data?.value;
  return (
    <Page
      title={set.data?.title ?? 'Reports'}
      about={set.data === undefined ? '' : <Text>{setText(set.data.tenants, tenants)}</Text>}
      above={[{ href: '/console/reports', text: 'Reports' }]}
    >
      <Loaded query={set} what="reports">
        {(one) => <Shown set={one} />}
      </Loaded>
    </Page>
  );
}

function Shown({ set }: { readonly set: ReportSet }) {
  const { tone, text } = setStatusText(set);
  const progress = progressText(set);
  useEffect(() => {
    announce(text);
  }, [text]);
  useRenewedTenants(set.id, `${set.status} ${progress}`);
  return (
    <>
      <section class="card section" aria-label="About these reports">
        <p>
          <Badge tone={tone}>{text}</Badge>
        </p>
        <ReportFacts report={set}>
          <ReportFact name="How far they are">{progress}</ReportFact>
        </ReportFacts>
        {isRunning(set.status) ? <Running set={set} /> : <Ended set={set} />}
      </section>
      {!isRunning(set.status) && set.succeededCount > 0 && (
        <Section title="All tenants as one">
          <Downloads
            kind={set.kind}
            name={`report-${set.kind}-several-tenants-${set.createdDateTime.slice(0, 10)}`}
            contentAs={(form) => contentOfSetAs(set.id, form)}
          />
        </Section>
      )}
      <SetTenants set={set} />
    </>
  );
}

/** The table is loaded again whenever the counts say that something happened. */
function useRenewedTenants(reportSetId: string, counts: string): void {
  const client = useQueryClient();
  useEffect(() => {
    void client.invalidateQueries({ queryKey: keyOfSetTenants(reportSetId) });
  }, [client, reportSetId, counts]);
}

function Running({ set: { id, percentComplete, tenantCount } }: { readonly set: ReportSet }) {
  return (
    <>
      <Progress label={`Tenants that are computed, of ${tenantCount}`} percent={percentComplete} />
      <p class="fine">You can leave this page: it continues, and this address shows it again.</p>
      <Cancel
        shownBy={keyOfSet(id)}
        cancel={() =>
          answerOf(api.POST('/reports/{reportSetId}/cancel', { params: { path: { reportSetId: id } } }))
        }
      />
    </>
  );
}

function Ended({ set }: { readonly set: ReportSet }) {
  const { status, errorMessage, tenantCount, succeededCount } = set;
  return (
    <>
      {status === 'Failed' && (
        <Message tone="bad" title="The reports could not be computed">
          <p>{errorMessage ?? 'Start them again.'}</p>
        </Message>
      )}
      {status === 'Canceled' && <p>They were canceled. What was computed before is here.</p>}
      {succeededCount < tenantCount && <Missing set={set} />}
    </>
  );
}

function Missing({ set: { tenantCount, succeededCount } }: { readonly set: ReportSet }) {
  return (
    <Partial>
      <p>
        {succeededCount === 0
          ? 'There is no report on any of the tenants.'
          : `There are reports on ${succeededCount} of ${tenantCount} tenants. The others are in every form, with the reason.`}
      </p>
    </Partial>
  );
}
