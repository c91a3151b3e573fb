'use client';

import { useQueryClient } from '@tanstack/react-query';
import { FileUp, LoaderCircle } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type DragEvent, useId, useState } from 'react';
import { RequestFailed } from '#components/data/fetch-json.ts';
import { uploadManifests } from '#components/data/upload-manifests.ts';
import { CLUSTERS_KEY } from '#components/data/use-clusters.ts';
import { ProblemList } from '#components/status/problem-list.tsx';
import { classes } from '#components/ui/classes.ts';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';

/** Takes manifests, by choosing or dropping files, and opens them as a cluster of their own. */
export function UploadDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const queries = useQueryClient();
  const [state, setState] = useState<'idle' | 'reading' | RequestFailed>('idle');

  const take = async (files: readonly File[]) => {
    if (files.length === 0) return;
    setState('reading');
    try {
      const summary = await uploadManifests(files);
      queries.setQueryData<readonly ClusterSummary[]>(CLUSTERS_KEY, (known = []) => [
        ...known.filter(({ name }) => name !== summary.name),
        summary,
      ]);
      setState('idle');
      onOpenChange(false);
      router.push(`/c/${encodeURIComponent(summary.name)}`);
    } catch (error) {
      setState(
        error instanceof RequestFailed
          ? error
          : new RequestFailed(0, 'E_FILE', 'The files could not be read.'),
      );
    }
  };

  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Open manifests"
        description="Workloads, namespaces and policies as YAML or JSON. They are held in memory, and nobody’s cluster is touched."
      >
        <div className="p-5">
          <DropZone isReading={state === 'reading'} onFiles={(files) => void take(files)} />
          {state instanceof RequestFailed && (
            <div role="alert" className="mt-4">
              <p className="font-medium text-negative">{state.message}</p>
              <div className="mt-2">
                <ProblemList problems={state.problems} />
              </div>
            </div>
          )}
        </div>
      </DialogContent>
    </Dialog>
  );
}

function DropZone({
  isReading,
  onFiles,
}: {
  readonly isReading: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}) {
  const input = useId();
  const [isOver, setIsOver] = useState(false);
  const drag = (over: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setIsOver(over);
  };
  return (
    <label
      htmlFor={input}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        onFiles([...event.dataTransfer.files]);
      }}
      className={classes(
        'flex h-40 flex-col items-center justify-center gap-2 rounded-lg border-2 border-dashed text-center transition-colors has-focus-visible:border-accent',
        isOver ? 'border-accent bg-accent-soft' : 'border-line-strong bg-sunken/60 hover:bg-sunken',
      )}
    >
      {isReading ? (
        <LoaderCircle aria-hidden className="size-6 animate-spin text-accent-text" />
      ) : (
        <FileUp aria-hidden className="size-6 text-muted" />
      )}
      <span className="font-medium">
        {isReading ? 'Reading…' : 'Drop files here, or choose them'}
      </span>
      <span className="text-muted text-xs">.yaml, .yml or .json, 1 MiB together</span>
      <input
        id={input}
        type="file"
        multiple
        accept=".yaml,.yml,.json"
        disabled={isReading}
        className="sr-only"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </label>
  );
}
