import { CircleX, Info, TriangleAlert } from 'lucide-react';
import { classes } from '#components/ui/classes.ts';
import type { FindingView } from '#lib/view/findings-view.ts';

type Severity = FindingView['severity'];

/** Shape and word carry the meaning, the colour repeats it. */
export const SEVERITY: Readonly<
  Record<Severity, { readonly icon: typeof Info; readonly look: string; readonly plural: string }>
> = {
  error: { icon: CircleX, look: 'text-negative', plural: 'errors' },
  warning: { icon: TriangleAlert, look: 'text-caution', plural: 'warnings' },
  info: { icon: Info, look: 'text-accent-text', plural: 'notes' },
};

export function SeveritySign({ severity }: { readonly severity: Severity }) {
  const { icon: Icon, look } = SEVERITY[severity];
  return <Icon role="img" aria-label={severity} className={classes('size-4 shrink-0', look)} />;
}
