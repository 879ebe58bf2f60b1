/** Gives a file to the browser, which saves it. */
export function saveAs(name: string, content: Blob): void {
  const href = URL.createObjectURL(content);
  const link = document.createElement('a');
  Object.assign(link, { href, download: name });
  link.click();
  // After the browser has taken it.
  setTimeout(() => {
    URL.revokeObjectURL(href);
  }, 60_000);
}
