'use client';

import { useSyncExternalStore } from 'react';
import { Kbd } from '#components/ui/kbd.tsx';

/** The key that shortcuts go with: ⌘ on Apple's keyboards, Ctrl on all others. */
export function ModifierKey() {
  const isApple = useSyncExternalStore(
    () => () => {},
    () => /Mac|iPhone|iPad/.test(navigator.platform),
    () => false,
  );
  return <Kbd>{isApple ? '⌘' : 'Ctrl'}</Kbd>;
}
