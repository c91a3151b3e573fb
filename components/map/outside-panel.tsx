import { nodeName } from '#components/table/map-rows.ts';
import type { GraphView, OutsideNode } from '#lib/view/graph-view.ts';
import { PanelHead } from './panel-head.tsx';

/** A block of addresses that rules name, with who may connect. */
export function OutsidePanel({
  node,
  view,
  onClose,
}: {
  readonly node: OutsideNode;
  readonly view: GraphView;
  readonly onClose: () => void;
}) {
  const names = new Map(view.nodes.map((each) => [each.id, nodeName(each)]));
  const lists = [
    {
      title: 'May connect from there',
      lines: view.edges
        .filter(({ source }) => source === node.id)
        .map(({ id, target, ports }) => ({ id, name: names.get(target), ports })),
    },
    {
      title: 'May connect to there',
      lines: view.edges
        .filter(({ target }) => target === node.id)
        .map(({ id, source, ports }) => ({ id, name: names.get(source), ports })),
    },
  ];
  return (
    <div className="h-full overflow-y-auto">
      <PanelHead kind="Addresses" title={node.label} onClose={onClose}>
        <p className="mt-1 text-muted">
          Rules name this block. What these addresses belong to, no policy says.
        </p>
      </PanelHead>
      {lists
        .filter(({ lines }) => lines.length > 0)
        .map(({ title, lines }) => (
          <section key={title} className="border-line border-t px-4 py-3">
            <h3 className="font-medium">{title}</h3>
            <ul className="mt-1">
              {lines.map(({ id, name, ports }) => (
                <li key={id} className="flex justify-between gap-4 py-0.5 text-muted">
                  <span className="truncate text-text">{name}</span>
                  <span className="shrink-0 font-mono text-xs leading-5">{ports}</span>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </div>
  );
}
