interface TilesProps<Show extends string> {
  readonly tiles: readonly { readonly show: Show; readonly text: string }[];
  readonly selected: Show;
  readonly countOf: (show: Show) => number;
  readonly onSelect: (show: Show | 'all') => void;
}

/** Numbers that are filters: one that is selected again shows all. */
export function Tiles<Show extends string>({ tiles, selected, countOf, onSelect }: TilesProps<Show>) {
  return (
    <div class="tiles" role="group" aria-label="Show only">
      {tiles.map(({ show, text }) => (
        <button
          class="tile"
          key={show}
          type="button"
          aria-pressed={selected === show}
          onClick={() => {
            onSelect(selected === show ? 'all' : show);
          }}
        >
          <b>{countOf(show)}</b>
          <span>{text}</span>
        </button>
      ))}
    </div>
  );
}
