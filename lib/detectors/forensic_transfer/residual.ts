import { tf } from "../../runtime/mod.ts";

/**
 * The third-order residual (ForensicTransfer, arXiv 1812.02510, section on the input; Fridrich and Kodovsky 2012): each
 * channel's third difference [1, -3, 3, -1] along the rows and along the columns. It leaves what a picture's content cannot
 * predict: the traces of how it was made. The edge pixels go on outside.
 *
 * @param x `[batch, height, width, channels]`, in [0, 1] for a residual in [-4, 4].
 * @returns `[batch, height, width, 2 channels]`: along the rows first, then along the columns. At pixel i it is
 * `x[i-1] - 3 x[i] + 3 x[i+1] - x[i+2]`.
 */
export function thirdOrderResidual(x: tf.Tensor4D): tf.Tensor4D {
  return tf.concat([thirdDifference(x, 2), thirdDifference(x, 1)], 3);
}

function thirdDifference(x: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const size = x.shape[axis];
  const slice = (of: tf.Tensor4D, from: number, length: number) => {
    const begin = [0, 0, 0, 0];
    const sizes = [-1, -1, -1, -1];
    begin[axis] = from;
    sizes[axis] = length;
    return of.slice(begin as [number, number, number, number], sizes as [number, number, number, number]);
  };
  const first = slice(x, 0, 1);
  const last = slice(x, size - 1, 1);
  const padded = tf.concat([first, x, last, last], axis);
  const at = (shift: number) => slice(padded, shift, size);
  return at(0).sub(at(3)).add(at(2).sub(at(1)).mul(3)) as tf.Tensor4D;
}
