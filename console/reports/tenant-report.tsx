import { Moment } from '../parts/moment.tsx';
import { Message } from '../parts/message.tsx';
import { Section } from '../parts/section.tsx';
import { Partial } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { Chart } from './chart.tsx';
import { omittedText } from './omitted-text.ts';
import type { ReportContent } from './queries.ts';
import type { ReportScope } from './search-links.ts';
import { ReportTable } from './report-table.tsx';

type OfTenant = ReportContent['tenants'][number];

interface TenantReportProps {
  readonly tenant: OfTenant;
  readonly range: Omit<ReportScope, 'tenantId'>;
}

/** What a report says about one tenant; what it may lack comes first. */
export function TenantReport({ tenant, range }: TenantReportProps) {
  const scope = { tenantId: tenant.tenantId, ...range };
  return (
    <>
      <Completeness tenant={tenant} />
      {tenant.sections.map(({ name, title, paragraphs, tables, charts }) => (
        <Section key={name} title={title}>
          {paragraphs.map((paragraph, at) => (
            <p key={at} class="report-paragraph">
              <Text most={1000}>{paragraph}</Text>
            </p>
          ))}
          {charts.map((chart) => (
            <Chart key={chart.name} chart={chart} />
          ))}
          {tables.map((table) => (
            <ReportTable key={table.name} table={table} scope={scope} />
          ))}
        </Section>
      ))}
    </>
  );
}

function Completeness({ tenant }: { readonly tenant: OfTenant }) {
  const { isPending, hasGaps, completeThrough } = tenant;
  if (!isPending && !hasGaps && completeThrough !== undefined)
    return (
      <Message tone="good" title="Everything that Microsoft published about this range is here">
        <Through {...{ completeThrough }} />
      </Message>
    );
  return (
    <Partial>
      <Through {...{ completeThrough }} />
      {isPending && <p>The range ends later than that: records may still arrive.</p>}
      {hasGaps && <Gaps tenant={tenant} />}
    </Partial>
  );
}

function Through({ completeThrough }: Pick<OfTenant, 'completeThrough'>) {
  if (completeThrough === undefined) return <p>Through when the records are complete is not known yet.</p>;
  return (
    <p>
      Records are complete through <Moment at={completeThrough} />, apart from what is named here.
    </p>
  );
}

function Gaps({ tenant: { gaps, gapsOmitted } }: { readonly tenant: OfTenant }) {
  return (
    <>
      <p>Records of the range are missing:</p>
      <ul class="points">
        {gaps.map(({ from, to, reason }, at) => (
          <li key={at}>
            {from !== undefined && (
              <>
                from <Moment at={from} />{' '}
              </>
            )}
            {to !== undefined && (
              <>
                before <Moment at={to} />
              </>
            )}
            : <Text>{reason}</Text>
          </li>
        ))}
        {gapsOmitted > 0 && <li>{omittedText(gapsOmitted)}</li>}
      </ul>
    </>
  );
}
