'use client';

import { ModifierKey } from '#components/shell/modifier-key.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';

const KEYS = [
  { keys: ['/'], does: 'Filter by name' },
  { keys: ['t'], does: 'Table, and back to the graph' },
  { keys: ['f'], does: 'Fit the whole map into sight' },
  { keys: ['+', '-'], does: 'Zoom in and out' },
  { keys: ['←', '→', '↑', '↓'], does: 'To the next card, or move the map' },
  { keys: ['Esc'], does: 'Stop arranging; clear the selection, then the filter' },
  { keys: ['↑', '↓', 'Enter'], does: 'In the table: go and select' },
  { keys: ['→', '←'], does: 'In the table: open and close a namespace' },
  { keys: ['?'], does: 'This list' },
] as const;

/** What the keys of the map do. */
export function ShortcutHelp({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Keyboard">
        <dl className="flex flex-col gap-2 p-5 pt-3">
          <Line keys={[]} does="Search everything">
            <ModifierKey />
            <Kbd>K</Kbd>
          </Line>
          {KEYS.map(({ keys, does }) => (
            <Line key={does} keys={keys} does={does} />
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}

function Line({
  keys,
  does,
  children,
}: {
  readonly keys: readonly string[];
  readonly does: string;
  readonly children?: React.ReactNode;
}) {
  return (
    <div className="flex items-center justify-between gap-4">
      <dt className="text-muted">{does}</dt>
      <dd className="flex gap-1">
        {children}
        {keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </dd>
    </div>
  );
}
