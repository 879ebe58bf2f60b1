import { Check } from '../parts/field.tsx';
import { Menu } from '../parts/menu.tsx';
import { columnIds, columnTitles, type ColumnId } from './column-ids.ts';

interface ColumnsChoiceProps {
  readonly shown: readonly ColumnId[];
  readonly onChange: (shown: readonly ColumnId[]) => void;
}

/** Which columns the list has; the time, which opens a record, always. */
export function ColumnsChoice({ shown, onChange }: ColumnsChoiceProps) {
  return (
    <Menu label="Columns">
      {() =>
        columnIds.slice(1).map((id) => (
          <Check
            key={id}
            isChecked={shown.includes(id)}
            onChange={(isChecked) => {
              onChange(columnIds.filter((one) => (one === id ? isChecked : shown.includes(one))));
            }}
          >
            {columnTitles[id]}
          </Check>
        ))
      }
    </Menu>
  );
}
