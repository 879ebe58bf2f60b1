import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Section } from '../parts/section.tsx';
import { Message } from '../parts/message.tsx';
import { Empty } from '../parts/states.tsx';
import { RecordPanel } from '../search/record-panel.tsx';
import { Page } from '../shell/page.tsx';
import { text, writeState } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { notKept } from './add-buttons.tsx';
import { ExportCase } from './export-case.tsx';
import {
  emptyInvestigation,
  limits,
  withNote,
  withoutPin,
  withoutSearch,
  type Investigation,
} from './investigation.ts';
import { PinnedRecord, wholeTime } from './pinned-record.tsx';
import { SideBySide } from './side-by-side.tsx';
import { TextArea } from '../parts/text-area.tsx';
import { useInvestigation, type ChangeInvestigation } from './use-investigation.ts';

const schema = { record: text() } as const;

/** Searches side by side, pinned records, and notes, which become one document. */
export function InvestigationPage() {
  const { investigation, isKept, change } = useInvestigation();
  const { searches, pins } = investigation;
  return (
    <Page
      title="Investigation"
      about="Searches side by side, pinned records, and your notes. They stay in this browser until you start over."
      actions={
        <>
          {investigation !== emptyInvestigation && <ExportCase investigation={investigation} />}
          <StartOver change={change} />
        </>
      }
    >
      {!isKept && (
        <Message tone="bad" title={notKept}>
          <p>What you see is gone when you leave this page: export it first.</p>
        </Message>
      )}
      <About {...{ investigation, change }} />
      {searches.length + pins.length === 0 ? <HowToBegin /> : <Parts {...{ investigation, change }} />}
    </Page>
  );
}

interface PartProps {
  readonly investigation: Investigation;
  readonly change: ChangeInvestigation;
}

function About({ investigation: { title, notes }, change }: PartProps) {
  return (
    <div class="card section stack">
      <Field
        label="Title"
        value={title}
        onInput={(value) => {
          change((now) => ({ ...now, title: value.slice(0, limits.title) }));
        }}
      />
      <TextArea
        label="Notes"
        value={notes}
        most={limits.notes}
        rows={4}
        onInput={(value) => {
          change((now) => ({ ...now, notes: value }));
        }}
      />
    </div>
  );
}

function HowToBegin() {
  return (
    <Empty icon="investigation" title="Nothing is in the investigation yet">
      <p>
        Open a <a href="/console/search">search</a>, and add it here, or pin a record that you have opened.
      </p>
    </Empty>
  );
}

function Parts({ investigation, change }: PartProps) {
  const [{ record }, open] = useUrlState(schema);
  const { path } = useLocation();
  const [tenantId = '', recordId = ''] = record.split('/');
  return (
    <>
      <SideBySide
        searches={investigation.searches}
        openRecord={record}
        hrefOf={(one) => `${path}${writeState(schema, location.search, { record: one })}`}
        onOpen={(one) => {
          open({ record: one }, { push: true });
        }}
        onRemove={(search) => {
          change((now) => withoutSearch(now, search));
        }}
      />
      {recordId !== '' && (
        <RecordPanel
          {...{ tenantId, recordId }}
          around={wholeTime}
          onClose={() => {
            open({ record: '' }, { push: true });
          }}
        />
      )}
      {investigation.pins.length > 0 && <Pinned {...{ investigation, change }} />}
    </>
  );
}

function Pinned({ investigation, change }: PartProps) {
  const { pins } = investigation;
  return (
    <Section title={`Pinned records (${pins.length})`}>
      <ol class="pinned">
        {pins.map((pin) => (
          <PinnedRecord
            key={`${pin.tenantId}/${pin.recordId}`}
            pin={pin}
            onNote={(note) => {
              change((now) => withNote(now, pin, note));
            }}
            onUnpin={() => {
              change((now) => withoutPin(now, pin));
            }}
          />
        ))}
      </ol>
    </Section>
  );
}

function StartOver({ change }: { readonly change: ChangeInvestigation }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button
        onClick={() => {
          setAsking(true);
        }}
      >
        Start over
      </Button>
      {isAsking && (
        <Confirm
          title="Start over?"
          action="Delete searches, pins, and notes"
          isDanger
          onCancel={() => {
            setAsking(false);
          }}
          onConfirm={() => {
            change(() => emptyInvestigation);
            setAsking(false);
          }}
        >
          <p>Export the investigation first if it may be needed: nothing of it is kept anywhere else.</p>
        </Confirm>
      )}
    </>
  );
}
