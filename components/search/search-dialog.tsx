'use client';

import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ModifierKey } from '#components/shell/modifier-key.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { SearchPalette } from './search-palette.tsx';

/** Finds anything by its name, from everywhere: Ctrl or ⌘ and K. */
export function SearchDialog({ cluster }: { readonly cluster: string }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  return (
    <>
      <Button
        variant="secondary"
        size="sm"
        aria-label="Search"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen(true)}
        className="font-normal text-muted max-md:w-7 md:w-52 md:justify-start"
      >
        <Search aria-hidden className="size-3.5" />
        <span className="flex-1 text-left max-md:hidden">Search…</span>
        <span aria-hidden className="flex gap-0.5 max-md:hidden">
          <ModifierKey />
          <Kbd>K</Kbd>
        </span>
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent title="Search" bare>
          <SearchPalette cluster={cluster} onDone={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </>
  );
}
