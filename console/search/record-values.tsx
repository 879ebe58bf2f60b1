import { Text } from '../parts/text.tsx';
import { PivotLink } from './pivot-link.tsx';
import { pivotOfPath, type Around } from './pivots.ts';
import type { WholeRecord } from './queries.ts';
import { valuesIn } from './values-in.ts';

interface RecordValuesProps {
  readonly record: WholeRecord;
  readonly tenantId: string;
  readonly around: Around;
}

/** Every value of the delivered record, such as its session, with the search for it. */
export function RecordValues({ record: { auditData }, tenantId, around }: RecordValuesProps) {
  const { values, isCut } = valuesIn(auditData);
  return (
    <details>
      <summary>All delivered values</summary>
      <dl class="members">
        {values.map(({ path, value }, at) => (
          <div key={at}>
            <dt>
              <Text most={120}>{path.join(' / ')}</Text>
            </dt>
            <dd>
              <Text>{String(value)}</Text>
              <PivotLink href={pivotOfPath(around, tenantId, path, value)} value={String(value)} />
            </dd>
          </div>
        ))}
      </dl>
      {isCut && <p class="fine">The record has more values: see it as delivered.</p>}
    </details>
  );
}
