import type { Change, Description, Phrase } from '../../shared/sentences/describe.ts';
import { Badge } from '../parts/badge.tsx';
import { Text } from '../parts/text.tsx';
import type { Tone } from '../parts/tone.ts';
import { pivotOfMember, type Around } from './pivots.ts';
import type { WholeRecord } from './queries.ts';
import { useSentences } from './use-sentences.ts';

interface RecordSentenceProps {
  readonly record: WholeRecord;
  readonly tenantId: string;
  readonly around: Around;
}

const severities: Readonly<Record<Description['severity'], { readonly tone: Tone; readonly text: string }>> =
  {
    high: { tone: 'bad', text: 'Someone should check this' },
    notable: { tone: 'warning', text: 'Worth reading' },
    routine: { tone: 'neutral', text: 'Everyday work' },
  };

/** What the record means, how much it matters, and what became different. */
export function RecordSentence({ record, tenantId, around }: RecordSentenceProps) {
  const describe = useSentences();
  if (describe === undefined) return <p class="fine">Reading the record…</p>;
  const { sentence, severity, changes } = describe(record, record.auditData);
  const { tone, text } = severities[severity];
  return (
    <div class="stack">
      <p class="sentence">
        <Parts {...{ sentence, tenantId, around }} />.
      </p>
      <p>
        <Badge tone={tone}>{text}</Badge>
      </p>
      {changes.length > 0 && <Changes changes={changes} />}
    </div>
  );
}

interface PartsProps {
  readonly sentence: Phrase;
  readonly tenantId: string;
  readonly around: Around;
}

function Parts({ sentence, tenantId, around }: PartsProps) {
  return (
    <>
      {sentence.map((part) => {
        if ('text' in part) return part.text;
        const { value, member, exact = value } = part;
        const href = member === undefined ? undefined : pivotOfMember(around, tenantId, member, exact);
        const shown = <Text>{value}</Text>;
        return href === undefined ? <b>{shown}</b> : <a href={href}>{shown}</a>;
      })}
    </>
  );
}

function Changes({ changes }: { readonly changes: readonly Change[] }) {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label="What changed">
      <table class="plain-table">
        <thead>
          <tr>
            <th scope="col">What changed</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ what, from, to }) => (
            <tr key={what}>
              <th scope="row">
                <Text>{what}</Text>
              </th>
              <td>{from === undefined ? <span class="fine">Not known</span> : <Text>{from}</Text>}</td>
              <td>{to === undefined ? <span class="fine">Nothing</span> : <Text>{to}</Text>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
