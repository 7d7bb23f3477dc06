/**
 * Updates of variables within a recording: made in place where the step does no more with what they leave than assign it
 * to the variables, with copies elsewhere.
 *
 * @module
 */

import { type OpAttribute, setAttribute } from "./attributes.ts";
import type { Capture, GraphNodes, SymbolicTensor } from "./graph_nodes.ts";
import { packOutput } from "./graph_ops.ts";
import type { Status } from "./status.ts";
import type { TensorFlowCalls } from "./symbols.ts";

/** An update of variables by an op that takes them as resources. */
export interface Update {
  /** The op; it takes the resources first, then `inputs`, and returns nothing. */
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  /** Values of the variables. */
  readonly variables: readonly number[];
  readonly inputs: readonly number[];
  /** Records the same with copies of the values, and returns the new ones. */
  readonly withCopies: () => readonly { readonly id: number }[];
}

/** An update that is yet to be recorded, and numbers for the values that it leaves. */
interface Pending extends Update {
  readonly results: readonly number[];
}

/** The updates of a recording. */
export interface Updates {
  /** Adds one; `results` number the values that it leaves. */
  add(update: Update, results: readonly number[]): void;
  /** True for a value that an update leaves. */
  has(result: number): boolean;
  /** Records the update that leaves a value with copies, now that somebody reads it. */
  copy(result: number): void;
  /** Records with copies what cannot be made in place; `replaced` are old values of variables by new ones. */
  settle(captures: ReadonlyMap<number, Capture>, replaced: ReadonlyMap<number, number>): void;
  /** Old values of the variables that are updated in place. */
  variables(): number[];
  /**
   * Records the updates in place, when everything else has been computed and checked: a failed step changes nothing.
   *
   * @param captures Variables of the recording.
   * @param resolve Finds a tensor of the recording.
   * @param before Ops that have to come first; whatever computes the updates' inputs does anyway.
   * @returns The ops.
   */
  record(
    captures: ReadonlyMap<number, Capture>,
    resolve: (id: number) => SymbolicTensor,
    before: readonly bigint[],
  ): bigint[];
}

/**
 * Starts without updates.
 *
 * @param calls The loaded library.
 * @param status Where failure is reported.
 * @param nodes The graph.
 * @param rename Gives a tensor of the recording another number.
 * @returns The updates.
 */
export function newUpdates(
  calls: TensorFlowCalls,
  status: Status,
  nodes: GraphNodes,
  rename: (from: number, to: number) => void,
): Updates {
  const pending = new Map<number, Pending>();
  const all = () => [...new Set(pending.values())];
  const copy = ({ results, withCopies }: Pending) => {
    results.forEach((result) => pending.delete(result));
    withCopies().forEach(({ id }, i) => rename(id, results[i]!));
  };
  return {
    add(update, results) {
      const made = { ...update, results };
      results.forEach((result) => pending.set(result, made));
    },
    has: (result) => pending.has(result),
    copy(result) {
      const update = pending.get(result);
      if (update) copy(update);
    },
    settle(captures, replaced) {
      for (const update of all()) {
        const inPlace = update.variables.every((old, i) =>
          captures.get(old)?.resource && replaced.get(update.results[i]!) === old
        );
        if (!inPlace) copy(update);
      }
    },
    variables: () => all().flatMap(({ variables }) => variables),
    record(captures, resolve, before) {
      const updates = all();
      if (updates.length === 0) return [];
      const inputs = updates.map((update) => update.inputs.map(resolve));
      const ready = nodes.add("NoOp", (description) => {
        const computed = inputs.flat().filter(isComputed).map(({ operation }) => operation);
        new Set([...before, ...computed]).forEach((operation) => calls.TF_AddControlInput(description, operation));
      }, () => "Cannot record the end of a step");
      return updates.map(({ name, attributes, variables }, i) =>
        nodes.add(name, (description) => {
          const resources = variables.map((id) => captures.get(id)!.resource!);
          [...resources, ...inputs[i]!].forEach((source) => calls.TF_AddInput(description, packOutput(source)));
          calls.TF_AddControlInput(description, ready);
          attributes.forEach((attribute) => setAttribute(calls, status, description, "graph", attribute));
        }, () => `Cannot record ${name}`)
      );
    },
  };
}

/**
 * Tells a tensor that the step computes from one that comes in, which has no op in the function to wait for.
 *
 * @param tensor A tensor of the recording.
 * @returns True for the former.
 */
export function isComputed({ values, origin }: SymbolicTensor): boolean {
  return values !== undefined || origin !== undefined;
}
