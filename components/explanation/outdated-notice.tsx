import type { RequestFailed } from '#components/data/fetch-json.ts';
import { Notice } from '#components/ui/notice.tsx';

/** Over an answer that could not be read again: it was true, and perhaps is not any more. */
export function OutdatedNotice({ error }: { readonly error: RequestFailed | null }) {
  if (error === null) return null;
  return (
    <Notice tone="caution" className="rounded-lg border">
      This is what was known before. {error.message}
    </Notice>
  );
}
