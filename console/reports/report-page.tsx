import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { answerOf, api } from '../api/client.ts';
import { Badge } from '../parts/badge.tsx';
import { Cancel } from '../parts/cancel.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Text } from '../parts/text.tsx';
import { announce } from '../shell/announcer.tsx';
import { Page } from '../shell/page.tsx';
import { useTenant } from '../tenants/queries.ts';
import { Downloads } from './downloads.tsx';
import { countText } from './numbers.ts';
import { contentAs, isRunning, reportsKey, useContent, useReport, type ReportView } from './queries.ts';
import { ReportFact, ReportFacts } from './report-facts.tsx';
import { statusText } from './status-text.ts';
import { TenantReport } from './tenant-report.tsx';

/** A report: it is computed whether this page is open or not, and is always found at this address. */
export function ReportPage() {
  const { tenantId = '', reportId = '' } = useRoute().params;
  const tenant = useTenant(tenantId);
  const report = useReport(tenantId, reportId);
  return (
    <Page
      title={report.data?.title ?? 'Report'}
      about={<Text>{tenant.data?.displayName ?? ''}</Text>}
      above={[{ href: `/console/reports?tenant=${tenantId}`, text: 'Reports' }]}
    >
      <Loaded query={report} what="report">
        {(one) => <Shown report={one} />}
      </Loaded>
    </Page>
  );
}

function Shown({ report }: { readonly report: ReportView }) {
  const { status } = report;
  const { tone, text } = statusText(report);
  useEffect(() => {
    announce(text);
  }, [text]);
  return (
    <>
      <section class="card section" aria-label="About this report">
        <p>
          <Badge tone={tone}>{text}</Badge>
        </p>
        <ReportFacts report={report}>
          <ReportFact name="Records read">{countText(report.recordCount)}</ReportFact>
        </ReportFacts>
        {isRunning(status) && <Running report={report} />}
        {status === 'Failed' && (
          <Message tone="bad" title="The report could not be computed">
            <p>{report.errorMessage ?? 'Start another one.'}</p>
          </Message>
        )}
        {status === 'Canceled' && <p>It was canceled, and has no content. Start another one.</p>}
        {status === 'Succeeded' && (
          <Downloads
            kind={report.kind}
            name={`report-${report.kind}-${report.createdDateTime.slice(0, 10)}`}
            contentAs={(form) => contentAs(report, form)}
          />
        )}
      </section>
      {status === 'Succeeded' && <Content report={report} />}
    </>
  );
}

/** How many records there will be is not known, so there is a count and no bar that pretends to know. */
function Running({ report: { tenantId, id, recordCount } }: { readonly report: ReportView }) {
  return (
    <>
      <div class="report-running" role="status">
        <span class="spinner" aria-hidden="true" />
        <p>
          {countText(recordCount)} {recordCount === 1 ? 'record' : 'records'} read so far.
        </p>
      </div>
      <p class="fine">You can leave this page: it continues, and this address shows it again.</p>
      <Cancel
        shownBy={[...reportsKey, tenantId]}
        cancel={() =>
          answerOf(
            api.POST('/tenants/{tenantId}/reports/{reportId}/cancel', {
              params: { path: { tenantId, reportId: id } },
            }),
          )
        }
      />
    </>
  );
}

function Content({ report: { tenantId, id } }: { readonly report: ReportView }) {
  const content = useContent(tenantId, id);
  return (
    <Loaded query={content} what="content of the report">
      {({ tenants, from, to }) => (
        <>
          {tenants.map((tenant) => (
            <TenantReport key={tenant.tenantId} tenant={tenant} range={{ from, to }} />
          ))}
        </>
      )}
    </Loaded>
  );
}
