import { severityTexts } from '../findings/finding-texts.ts';
import { Moment } from '../parts/moment.tsx';
import { Text } from '../parts/text.tsx';
import { setText } from '../reports/tenant-sets.ts';
import { Fact } from '../tenants/overview-tab.tsx';
import { useTenants } from '../tenants/queries.ts';
import { sourceText, type Watch } from './watch-texts.ts';

/** What a watch is about, and since when. */
export function WatchFacts({ watch }: { readonly watch: Watch }) {
  const { tenants, severity, createdBy, createdDateTime } = watch;
  const known = useTenants().data?.value;
  return (
    <dl class="facts">
      <Fact name="Rules">{sourceText(watch)}</Fact>
      <Fact name="Tenants">
        <Text>{setText(tenants, known)}</Text>
      </Fact>
      <Fact name="Severity">
        {severity === undefined ? 'As the rules say' : severityTexts[severity].text}
      </Fact>
      <Fact name="Created">
        <Moment at={createdDateTime} /> by <Text most={80}>{createdBy}</Text>
      </Fact>
    </dl>
  );
}
