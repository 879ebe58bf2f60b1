import { useState } from 'preact/hooks';
import { announce } from '../shell/announcer.tsx';
import { Button } from './button.tsx';

/** Copies a text, and says whether that worked. @param what it is: "Consent link" */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const [said, setSaid] = useState('Copy');
  const copy = async () => {
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(isCopied ? 'Copied' : 'Select and copy it by hand');
    announce(isCopied ? `${what} copied` : `${what} could not be copied`);
  };
  return (
    <Button label={`${said}: ${what}`} onClick={() => void copy()}>
      {said}
    </Button>
  );
}
