//! The core of graph attention, first form (Velickovic et al. 2018), on a complete graph with a learned bias for each
//! pair of nodes: e_ij = leaky(l_i + r_j) + B_ij, softmax over j, sum of values. Values, l and r come packed in one row.

use candle_core::{Result, Tensor, bail};

use super::operation::{Operation, View, apply2, with_values};
use super::simd::{dot, softmax, softmax_backward, vectorised};

/// Slope of the leaky rectifier below zero.
const LEAK: f32 = 0.2;

struct Graph;

#[derive(Clone, Copy)]
struct Sizes {
    count: usize,
    nodes: usize,
    heads: usize,
    width: usize,
    each: usize,
    packed: usize,
}

fn sizes(x: &[usize], bias: &[usize]) -> Result<Sizes> {
    match (x, bias) {
        (&[count, nodes, packed], &[heads, rows, columns])
            if rows == nodes && columns == nodes && packed > 2 * heads && (packed - 2 * heads) % heads == 0 =>
        {
            let width = packed - 2 * heads;
            Ok(Sizes { count, nodes, heads, width, each: width / heads, packed })
        }
        _ => bail!("{x:?} does not fit a graph of {bias:?}"),
    }
}

/// Probabilities of one graph and head into `p[nodes, nodes]`.
#[inline(always)]
fn probabilities(p: &mut [f32], graph: &[f32], bias: &[f32], head: usize, s: Sizes) {
    for (i, (p, bias)) in p.chunks_exact_mut(s.nodes).zip(bias.chunks_exact(s.nodes)).enumerate() {
        let left = graph[i * s.packed + s.width + head];
        for (j, (p, bias)) in p.iter_mut().zip(bias).enumerate() {
            let e = left + graph[j * s.packed + s.width + s.heads + head];
            *p = if e > 0.0 { e } else { LEAK * e } + bias;
        }
        softmax(p, 1.0);
    }
}

impl Operation<2> for Graph {
    const NAME: &'static str = "graph attention";

    fn forward(&self, [x, bias]: [View<'_>; 2]) -> Result<(Vec<f32>, Vec<usize>)> {
        let s = sizes(x.shape, bias.shape)?;
        let square = s.nodes * s.nodes;
        let mut y = vec![0.0; s.count * s.nodes * s.width];
        vectorised(
            #[inline(always)]
            || {
                let mut p = vec![0.0; square];
                for (x, y) in x.values.chunks_exact(s.nodes * s.packed).zip(y.chunks_exact_mut(s.nodes * s.width)) {
                    for (head, bias) in bias.values.chunks_exact(square).enumerate() {
                        probabilities(&mut p, x, bias, head, s);
                        for (i, p) in p.chunks_exact(s.nodes).enumerate() {
                            let y = &mut y[i * s.width + head * s.each..][..s.each];
                            for (j, p) in p.iter().enumerate() {
                                let value = &x[j * s.packed + head * s.each..][..s.each];
                                for (y, value) in y.iter_mut().zip(value) {
                                    *y += p * value;
                                }
                            }
                        }
                    }
                }
            },
        );
        Ok((y, vec![s.count, s.nodes, s.width]))
    }

    fn backward(&self, [x, bias]: [View<'_>; 2], _: View<'_>, grad: &[f32], _: [bool; 2]) -> [Vec<f32>; 2] {
        let (mut dx, mut dbias) = (vec![0.0; x.values.len()], vec![0.0; bias.values.len()]);
        let Ok(s) = sizes(x.shape, bias.shape) else { return [dx, dbias] }; // the forward has checked them
        let square = s.nodes * s.nodes;
        vectorised(
            #[inline(always)]
            || {
                let (mut p, mut dp) = (vec![0.0; square], vec![0.0; s.nodes]);
                let graphs = x.values.chunks_exact(s.nodes * s.packed).zip(grad.chunks_exact(s.nodes * s.width));
                for ((x, grad), dx) in graphs.zip(dx.chunks_exact_mut(s.nodes * s.packed)) {
                    for (head, bias) in bias.values.chunks_exact(square).enumerate() {
                        probabilities(&mut p, x, bias, head, s);
                        let (left, right) = (s.width + head, s.width + s.heads + head);
                        for (i, p) in p.chunks_exact(s.nodes).enumerate() {
                            let grad = &grad[i * s.width + head * s.each..][..s.each];
                            for (j, (p, dp)) in p.iter().zip(dp.iter_mut()).enumerate() {
                                let at = j * s.packed + head * s.each;
                                *dp = dot(grad, &x[at..][..s.each]);
                                for (dx, grad) in dx[at..][..s.each].iter_mut().zip(grad) {
                                    *dx += p * grad;
                                }
                            }
                            softmax_backward(p, &mut dp, 1.0);
                            let dbias = &mut dbias[head * square + i * s.nodes..][..s.nodes];
                            for (j, (dbias, &dp)) in dbias.iter_mut().zip(&dp).enumerate() {
                                *dbias += dp;
                                let positive = x[i * s.packed + left] + x[j * s.packed + right] > 0.0;
                                let de = if positive { dp } else { LEAK * dp };
                                dx[i * s.packed + left] += de;
                                dx[j * s.packed + right] += de;
                            }
                        }
                    }
                }
            },
        );
        [dx, dbias]
    }
}

/// `packed[n, nodes, width + 2 x heads]` (values, l, r) and `bias[heads, nodes, nodes]` to `[n, nodes, width]`.
pub fn graph_attention(packed: &Tensor, bias: &Tensor) -> Result<Tensor> {
    apply2(packed, bias, Graph)
}

/// The probabilities that [`graph_attention`] used on the same input: `[n, heads, nodes, nodes]`, row by row.
pub fn graph_probabilities(packed: &Tensor, bias: &Tensor) -> Result<Vec<f32>> {
    let s = sizes(packed.dims(), bias.dims())?;
    let square = s.nodes * s.nodes;
    let mut all = vec![0.0; s.count * s.heads * square];
    with_values(packed, |x| {
        with_values(bias, |bias| {
            vectorised(
                #[inline(always)]
                || {
                    let graphs = x.chunks_exact(s.nodes * s.packed).zip(all.chunks_exact_mut(s.heads * square));
                    for (x, all) in graphs {
                        let heads = all.chunks_exact_mut(square).zip(bias.chunks_exact(square)).enumerate();
                        for (head, (p, bias)) in heads {
                            probabilities(p, x, bias, head, s);
                        }
                    }
                },
            )
        })
    })??;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use candle_core::D;

    use super::super::check;
    use super::*;

    /// Two heads of three on four nodes.
    fn composed(x: &[Tensor]) -> Result<(Tensor, Tensor)> {
        let (count, nodes, heads, each) = (x[0].dim(0)?, 4, 2, 3);
        let part = |from: usize, width: usize| x[0].narrow(2, from, width)?.contiguous();
        let left = part(6, heads)?.transpose(1, 2)?.contiguous()?.unsqueeze(3)?;
        let right = part(8, heads)?.transpose(1, 2)?.contiguous()?.unsqueeze(2)?;
        let e = candle_nn::ops::leaky_relu(&left.broadcast_add(&right)?, f64::from(LEAK))?;
        let p = candle_nn::ops::softmax(&e.broadcast_add(&x[1])?, D::Minus1)?;
        let values = part(0, 6)?.reshape((count, nodes, heads, each))?.transpose(1, 2)?.contiguous()?;
        let y = p.matmul(&values)?.transpose(1, 2)?.contiguous()?.reshape((count, nodes, 6))?;
        Ok((y, p))
    }

    const SHAPES: [&[usize]; 2] = [&[3, 4, 10], &[2, 4, 4]];

    #[test]
    fn right() {
        check::agree(&SHAPES, |x| graph_attention(&x[0], &x[1]), |x| Ok(composed(x)?.0));
        check::finite_differences(&SHAPES, |x| graph_attention(&x[0], &x[1]));
    }

    #[test]
    fn probabilities_are_those_used() {
        let x = [check::random(SHAPES[0], 3), check::random(SHAPES[1], 4)];
        let ours = graph_probabilities(&x[0], &x[1]).unwrap();
        let theirs = composed(&x).unwrap().1.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!(ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    #[test]
    fn sizes_that_do_not_fit_are_an_error() {
        assert!(graph_attention(&check::random(&[3, 5, 10], 1), &check::random(SHAPES[1], 2)).is_err());
    }
}
