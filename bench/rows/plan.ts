import { z } from 'zod';

interface Node {
  'Node Type': string;
  'Relation Name'?: string | undefined;
  'Shared Hit Blocks'?: number | undefined;
  'Shared Read Blocks'?: number | undefined;
  Plans?: Node[] | undefined;
}

const Node: z.ZodType<Node> = z.lazy(() => z.looseObject({
  'Node Type': z.string(), 'Relation Name': z.string().optional(), 'Shared Hit Blocks': z.number().optional(),
  'Shared Read Blocks': z.number().optional(), Plans: z.array(Node).optional(),
}));
const Explained = z.tuple([z.looseObject({ Plan: Node, 'Execution Time': z.number() })]);

export interface Plan {
  /** tables that were read from end to end */
  sequential: string[];
  /** pages that were looked at */
  pages: number;
  milliseconds: number;
}

/** What `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)` says of how rows were found. */
export function planOf(explained: unknown): Plan {
  const [{ Plan: root, 'Execution Time': milliseconds }] = Explained.parse(explained);
  const sequential = nodesOf(root).flatMap((node) => (node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? '?'] : []));
  return { sequential, pages: (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0), milliseconds };
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
