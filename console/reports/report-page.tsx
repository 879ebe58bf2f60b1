import type { ComponentChildren } from 'preact';
import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { answerOf, api } from '../api/client.ts';
import { Badge } from '../parts/badge.tsx';
import { Cancel } from '../parts/cancel.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import { announce } from '../shell/announcer.tsx';
import { Page } from '../shell/page.tsx';
import { useTenant } from '../tenants/queries.ts';
import { Downloads } from './downloads.tsx';
import { countText } from './numbers.ts';
import { readable } from './options.ts';
import { isRunning, reportsKey, useContent, useReport, type ReportView } from './queries.ts';
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
        <About report={report} />
        {isRunning(status) && <Running report={report} />}
        {status === 'Failed' && (
          <Message tone="bad" title="The report could not be computed">
            <p>{report.errorMessage ?? 'Start another one.'}</p>
          </Message>
        )}
        {status === 'Canceled' && <p>It was canceled, and has no content. Start another one.</p>}
        {status === 'Succeeded' && <Downloads report={report} />}
      </section>
      {status === 'Succeeded' && <Content report={report} />}
    </>
  );
}

function About({ report }: { readonly report: ReportView }) {
  const { from, to, createdBy, createdDateTime, expiresDateTime, recordCount, options } = report;
  const chosen = Object.entries(options);
  return (
    <dl class="facts">
      <Fact name="From">
        <Moment at={from} />
      </Fact>
      <Fact name="Before">
        <Moment at={to} />
      </Fact>
      <Fact name="Requested">
        <Moment at={createdDateTime} />
      </Fact>
      <Fact name="Requested by">
        <Text>{createdBy}</Text>
      </Fact>
      {chosen.map(([name, value]) => (
        <Fact key={name} name={readable(name)}>
          <Text>{optionText(value)}</Text>
        </Fact>
      ))}
      <Fact name="Records read">{countText(recordCount)}</Fact>
      {expiresDateTime !== undefined && (
        <Fact name="Will be deleted">
          <Moment at={expiresDateTime} />
        </Fact>
      )}
    </dl>
  );
}

function optionText(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => readable(String(one))).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
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
