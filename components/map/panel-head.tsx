import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { KindGlyph } from '#components/status/kind-glyph.tsx';
import { Button } from '#components/ui/button.tsx';

/** The head of a side panel: what it is about, and the way out. */
export function PanelHead({
  kind,
  title,
  onClose,
  children,
}: {
  readonly kind: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}) {
  return (
    <header className="px-4 pt-4 pb-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-1.5 text-muted text-xs">
            <KindGlyph kind={kind} />
            {kind}
          </p>
          <h2 className="mt-0.5 break-words font-semibold text-base">{title}</h2>
        </div>
        <Button variant="quiet" size="icon-sm" aria-label="Close" onClick={onClose}>
          <X className="size-4" />
        </Button>
      </div>
      {children}
    </header>
  );
}
