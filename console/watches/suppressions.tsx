import { useQueryClient } from '@tanstack/preact-query';
import { toApiError } from '../api/api-error.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Failure } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { useAction } from '../parts/use-action.ts';
import { titleOfMember } from '../search/member-titles.ts';
import { nameIn, useTenantChoices } from '../search/queries.ts';
import { announce } from '../shell/announcer.tsx';
import { NewSuppressionForm } from './new-suppression.tsx';
import { endSuppression, watchesKey } from './queries.ts';
import { hasEnded, suppressedText, type Suppression, type Watch } from './watch-texts.ts';

/** What a watch passes over because it is known to be harmless: in which tenant, why, and until when. */
export function Suppressions({ watch: { id, suppressions } }: { readonly watch: Watch }) {
  return (
    <Section title="Passed over">
      {suppressions.length === 0 ? (
        <p>Nothing is passed over.</p>
      ) : (
        <ul class="rows">
          {suppressions.map((suppression) => (
            <Row key={suppression.id} watchId={id} suppression={suppression} />
          ))}
        </ul>
      )}
      <NewSuppressionForm watchId={id} />
    </Section>
  );
}

interface RowProps {
  readonly watchId: string;
  readonly suppression: Suppression;
}

function Row({ watchId, suppression }: RowProps) {
  const client = useQueryClient();
  const tenants = useTenantChoices(true).data;
  const isOver = hasEnded(suppression, new Date());
  const what = suppressedText(suppression, titleOfMember);
  const end = useAction({
    run: () => endSuppression(watchId, suppression.id),
    onSuccess: async () => {
      announce('New records match again');
      await client.invalidateQueries({ queryKey: watchesKey });
    },
  });
  return (
    <li>
      <div class="stack tight">
        <strong>
          <Text most={200}>{what}</Text>
        </strong>
        <p>
          <Text>{suppression.reason}</Text>
        </p>
        <p class="fine">
          In <Text most={80}>{nameIn(tenants, suppression.tenantId)}</Text>, since{' '}
          <Moment at={suppression.createdDateTime} /> by <Text most={80}>{suppression.createdBy}</Text>
        </p>
        <p class="fine">
          Records created before <Moment at={suppression.endDateTime} />
        </p>
        {end.error !== null && <Failure error={toApiError(end.error)} what="It was refused" />}
      </div>
      {isOver ? (
        <Badge tone="neutral">Ended</Badge>
      ) : (
        <Button
          label={`End now: ${what}`}
          isBusy={end.isPending}
          onClick={() => {
            end.mutate();
          }}
        >
          End now
        </Button>
      )}
    </li>
  );
}
