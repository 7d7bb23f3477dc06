import { countWeights } from "../../nn/mod.ts";
import { attributeEncoder } from "./attribute_encoder.ts";
import { generator } from "./generator.ts";
import { aeiPlanOf, type AeiSizes } from "./sizes.ts";

/**
 * Counts AEI-Net's parameters without making them.
 *
 * @param sizes The sizes.
 * @returns How many the attribute encoder and the generator have.
 * @throws Problem when the sizes do not fit together.
 */
export function aeiParameters(sizes: AeiSizes): Record<"attributes" | "generator", number> {
  const plan = aeiPlanOf(sizes);
  return {
    attributes: countWeights((weights) => attributeEncoder(weights, plan)),
    generator: countWeights((weights) => generator(weights, plan)),
  };
}
