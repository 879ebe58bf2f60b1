/** Says what happens to people who do not see it. */
import { useEffect, useState } from 'preact/hooks';

let show: ((text: string) => void) | undefined;

/** Screen readers say it when they have finished what they are saying. The same text twice in a row is said once. */
export function announce(text: string): void {
  show?.(text);
}

/** Once in the shell. */
export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    show = setText;
    return () => {
      show = undefined;
    };
  }, []);
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
