import { tf } from "../runtime/mod.ts";
import type { Weights } from "./weights.ts";

/**
 * Counts the trainable values of a model without making them: at a paper's full size they would be hundreds of megabytes.
 *
 * @param build Makes the model's layers with the store that it is given; the layers are not to be called.
 * @returns How many values the store would hold.
 */
export function countWeights(build: (weights: Weights) => void): number {
  // All weights are this one: layers only hold on to theirs until they are called.
  const stand = tf.tidy(() => tf.variable(tf.scalar(0), false));
  let parameters = 0;
  const store: Weights = {
    variables: [],
    get parameters() {
      return parameters;
    },
    make(_name, shape, _initialiser, trainable = true) {
      if (trainable) parameters += shape.reduce((product, length) => product * length, 1);
      return stand;
    },
    within: () => store,
    named: () => ({}),
    reinitialise: () => {},
    dispose: () => {},
  };
  try {
    build(store);
    return parameters;
  } finally {
    stand.dispose();
  }
}
