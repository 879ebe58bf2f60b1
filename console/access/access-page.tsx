import { UrlTabs } from '../parts/url-tabs.tsx';
import { Page } from '../shell/page.tsx';
import { KeysTab } from './keys-tab.tsx';
import { LogTab } from './log-tab.tsx';

/** Who may call, and who called. */
export function AccessPage() {
  return (
    <Page
      title="Access"
      about="Who may call this app, and who called what."
      actions={
        <a class="button primary" href="/console/access/keys/new">
          Create a key
        </a>
      }
    >
      <UrlTabs
        label="Access"
        tabs={[
          { id: 'keys', text: 'Client keys', content: () => <KeysTab /> },
          { id: 'log', text: 'Access log', content: () => <LogTab /> },
        ]}
      />
    </Page>
  );
}
