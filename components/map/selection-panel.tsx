'use client';

import { SearchX } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { EdgePanel } from '#components/inspector/edge-panel.tsx';
import { WorkloadPanel } from '#components/inspector/workload-panel.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { GraphView } from '#lib/view/graph-view.ts';
import { BundlePanel, RestPanel } from './bundle-panel.tsx';
import { NamespacePanel } from './namespace-panel.tsx';
import { OutsidePanel } from './outside-panel.tsx';
import { parseRefKey } from './ref-key.ts';
import { UndrawnNamespacePanel } from './undrawn-namespace-panel.tsx';
import type { MapUrl, PictureQuery } from './use-map-url.ts';

/** What is selected, beside the map; over it where there is no room beside. */
export function SelectionPanel({
  cluster,
  view,
  url,
  query,
  onToggle,
}: {
  readonly cluster: string;
  readonly view: GraphView;
  readonly url: MapUrl;
  readonly query: PictureQuery;
  readonly onToggle: (namespace: string) => void;
}) {
  const { selected } = url;
  if (selected === null) return null;
  const close = () => url.select(null);
  return (
    <SidePanel key={selected}>
      <Selected
        cluster={cluster}
        view={view}
        selected={selected}
        query={query}
        url={url}
        onToggle={onToggle}
        onClose={close}
      />
    </SidePanel>
  );
}

/** How the id of a namespace's node begins. */
const NAMESPACE = 'ns:';

interface SelectedProps {
  readonly cluster: string;
  readonly view: GraphView;
  readonly selected: string;
  readonly query: PictureQuery;
  readonly url: MapUrl;
  readonly onToggle: (namespace: string) => void;
  readonly onClose: () => void;
}

function Selected(props: SelectedProps) {
  const { cluster, view, selected, query, url, onToggle, onClose } = props;
  const edge = view.edges.find(({ id }) => id === selected);
  const end = (id: string | undefined) => view.nodes.find((node) => node.id === id);
  const [source, target] = [end(edge?.source), end(edge?.target)];
  if (edge && source && target) {
    const asked = { ...query, focus: null };
    const ends = { edge, source, target };
    return <EdgePanel cluster={cluster} {...ends} query={asked} onClose={onClose} />;
  }
  const node = end(selected);
  if (node?.kind === 'namespace') {
    return <NamespacePanel cluster={cluster} node={node} onToggle={onToggle} onClose={onClose} />;
  }
  if (node?.kind === 'outside') return <OutsidePanel node={node} view={view} onClose={onClose} />;
  if (node?.kind === 'workloads') return <BundlePanel node={node} url={url} onClose={onClose} />;
  if (node?.kind === 'rest') return <RestPanel node={node} url={url} onClose={onClose} />;
  if (selected.startsWith(NAMESPACE)) {
    const namespace = selected.slice(NAMESPACE.length);
    const asked = { cluster, namespace, onClose };
    return <UndrawnNamespacePanel {...asked} />;
  }
  // A workload that is gathered in its namespace's box has no node, but a link to it still opens it.
  const workload = node?.kind === 'workload' ? node.ref : parseRefKey(selected);
  if (workload !== null) {
    return <WorkloadPanel cluster={cluster} workload={workload} onClose={onClose} />;
  }
  return (
    <EmptyState
      icon={<SearchX />}
      title="The selection is not on this map"
      actions={<Button onClick={onClose}>Close</Button>}
    >
      It may be gone from the cluster, or gathered in a namespace that is drawn as one box.
    </EmptyState>
  );
}

/** When it closes while the focus is in it, the focus goes to the map rather than nowhere. */
function SidePanel({ children }: { readonly children: ReactNode }) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = panel.current;
    return () => {
      if (element?.contains(document.activeElement)) {
        document
          .querySelector<HTMLElement>('[data-row][tabindex="0"], [role="toolbar"] input')
          ?.focus();
      }
    };
  }, []);
  return (
    <aside
      ref={panel}
      aria-label="Selection"
      className="absolute inset-0 z-20 overflow-hidden border-line bg-surface sm:left-auto sm:w-[26rem] sm:border-l sm:shadow-pop lg:static lg:w-[27rem] lg:shrink-0 lg:shadow-none"
    >
      {children}
    </aside>
  );
}
