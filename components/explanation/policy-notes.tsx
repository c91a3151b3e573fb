import { Notice } from '#components/ui/notice.tsx';
import type { PolicyNote } from '#lib/engine/compiled-policy.ts';
import { noteSentence } from './reason-text.ts';
import { Words } from './words.tsx';

/** Whether a person would be misled, or only told a default. */
function tone(note: PolicyNote): 'caution' | 'info' {
  switch (note.kind) {
    case 'policy-types-defaulted':
      // Ingress alone is what nearly everybody means; egress rules that isolate ingress too are not.
      return note.emptyEgressIgnored || note.directions.length > 1 ? 'caution' : 'info';
    case 'rules-ignored':
      return 'caution';
    case 'host-bits-dropped':
    case 'remark':
      return 'info';
  }
}

/** What a person reading a policy may take it for, and is not; a line each. */
export function PolicyNotes({ notes }: { readonly notes: readonly PolicyNote[] }) {
  return notes.map((note) => (
    <Notice key={JSON.stringify(note)} tone={tone(note)} className="text-xs">
      <Words of={noteSentence(note)} />
    </Notice>
  ));
}
