/** How far something is, in percent. */
export function Progress({ label, percent }: { readonly label: string; readonly percent: number }) {
  return (
    <div class="progress">
      <progress aria-label={label} value={percent} max={100} />
      <span aria-hidden="true">{percent} %</span>
    </div>
  );
}
