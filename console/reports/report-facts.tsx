import type { ComponentChildren } from 'preact';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import { readable } from './options.ts';
import type { ReportView } from './queries.ts';

interface ReportFactsProps {
  readonly report: Pick<
    ReportView,
    'from' | 'to' | 'createdBy' | 'createdDateTime' | 'expiresDateTime' | 'options'
  >;
  /** More of them. */
  readonly children: ComponentChildren;
}

/** What was requested, who requested it, and until when it is kept. */
export function ReportFacts({ report, children }: ReportFactsProps) {
  const { from, to, createdBy, createdDateTime, expiresDateTime, options } = report;
  return (
    <dl class="facts">
      <ReportFact name="From">
        <Moment at={from} />
      </ReportFact>
      <ReportFact name="Before">
        <Moment at={to} />
      </ReportFact>
      <ReportFact name="Requested">
        <Moment at={createdDateTime} />
      </ReportFact>
      <ReportFact name="Requested by">
        <Text>{createdBy}</Text>
      </ReportFact>
      {Object.entries(options).map(([name, value]) => (
        <ReportFact key={name} name={readable(name)}>
          <Text>{optionText(value)}</Text>
        </ReportFact>
      ))}
      {children}
      {expiresDateTime !== undefined && (
        <ReportFact name="Will be deleted">
          <Moment at={expiresDateTime} />
        </ReportFact>
      )}
    </dl>
  );
}

function optionText(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => readable(String(one))).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface ReportFactProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

export function ReportFact({ name, children }: ReportFactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
