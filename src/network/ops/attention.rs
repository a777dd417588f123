//! The core of multi-head self-attention (Vaswani et al. 2017): queries, keys and values packed in one tensor.
//! The backward computes the probabilities anew instead of keeping them.

use candle_core::{Result, Tensor, bail};

use super::matrix::{Strided, multiply};
use super::operation::{Operation, View, apply1, with_values};
use super::simd::{softmax, softmax_backward, vectorised};

struct Attention {
    heads: usize,
}

/// Sizes of one record: tokens, width of the packed row, width of the output, width of a head.
#[derive(Clone, Copy)]
struct Sizes {
    count: usize,
    tokens: usize,
    packed: usize,
    width: usize,
    each: usize,
}

impl Attention {
    fn sizes(&self, shape: &[usize]) -> Result<Sizes> {
        match *shape {
            [count, tokens, packed] if packed % (3 * self.heads) == 0 => {
                let width = packed / 3;
                Ok(Sizes { count, tokens, packed, width, each: width / self.heads })
            }
            _ => bail!("{shape:?} cannot be queries, keys and values of {} heads", self.heads),
        }
    }
}

/// softmax(q k^T / sqrt(each)) of one head into `p[tokens, tokens]`.
fn probabilities(p: &mut [f32], record: &[f32], head: usize, s: Sizes) {
    let query = Strided(&record[head * s.each..], s.packed, 1);
    let key = Strided(&record[s.width + head * s.each..], 1, s.packed);
    multiply((s.tokens, s.tokens, s.each), p, s.tokens, false, query, key);
    let scale = 1.0 / (s.each as f32).sqrt();
    vectorised(
        #[inline(always)]
        || {
            for row in p.chunks_exact_mut(s.tokens) {
                softmax(row, scale);
            }
        },
    );
}

impl Operation<1> for Attention {
    const NAME: &'static str = "attention";

    fn forward(&self, [x]: [View<'_>; 1]) -> Result<(Vec<f32>, Vec<usize>)> {
        let s = self.sizes(x.shape)?;
        let (mut y, mut p) = (vec![0.0; s.count * s.tokens * s.width], vec![0.0; s.tokens * s.tokens]);
        for (x, y) in x.values.chunks_exact(s.tokens * s.packed).zip(y.chunks_exact_mut(s.tokens * s.width)) {
            for head in 0..self.heads {
                probabilities(&mut p, x, head, s);
                let value = Strided(&x[2 * s.width + head * s.each..], s.packed, 1);
                let out = &mut y[head * s.each..];
                multiply((s.tokens, s.each, s.tokens), out, s.width, false, Strided(&p, s.tokens, 1), value);
            }
        }
        Ok((y, vec![s.count, s.tokens, s.width]))
    }

    fn backward(&self, [x]: [View<'_>; 1], y: View<'_>, grad: &[f32], _: [bool; 1]) -> [Vec<f32>; 1] {
        let (count, tokens, width) = (y.shape[0], y.shape[1], y.shape[2]);
        let s = Sizes { count, tokens, packed: 3 * width, width, each: width / self.heads };
        let mut dx = vec![0.0; x.values.len()];
        let (mut p, mut dp) = (vec![0.0; tokens * tokens], vec![0.0; tokens * tokens]);
        let scale = 1.0 / (s.each as f32).sqrt();
        let one = tokens * s.packed;
        for i in 0..count {
            let (x, dx) = (&x.values[i * one..(i + 1) * one], &mut dx[i * one..(i + 1) * one]);
            for head in 0..self.heads {
                let (query, key) = (head * s.each, s.width + head * s.each);
                let value = 2 * s.width + head * s.each;
                let grad = &grad[i * tokens * width + head * s.each..];
                probabilities(&mut p, x, head, s);
                let by_token = (tokens, s.each, tokens);
                let out = Strided(grad, width, 1);
                multiply(by_token, &mut dx[value..], s.packed, false, Strided(&p, 1, tokens), out);
                multiply((tokens, tokens, s.each), &mut dp, tokens, false, out, Strided(&x[value..], 1, s.packed));
                vectorised(
                    #[inline(always)]
                    || {
                        for (p, dp) in p.chunks_exact(tokens).zip(dp.chunks_exact_mut(tokens)) {
                            softmax_backward(p, dp, scale);
                        }
                    },
                );
                let keys = Strided(&x[key..], s.packed, 1);
                multiply(by_token, &mut dx[query..], s.packed, false, Strided(&dp, tokens, 1), keys);
                let queries = Strided(&x[query..], s.packed, 1);
                multiply(by_token, &mut dx[key..], s.packed, false, Strided(&dp, 1, tokens), queries);
            }
        }
        [dx]
    }
}

/// `packed[n, tokens, 3 x width]` (queries, keys, values; heads adjacent in each) to `[n, tokens, width]`.
pub fn attention(packed: &Tensor, heads: usize) -> Result<Tensor> {
    apply1(packed, Attention { heads })
}

/// The probabilities that [`attention`] used on the same input: `[n, heads, tokens, tokens]`, row by row.
pub fn attention_probabilities(packed: &Tensor, heads: usize) -> Result<Vec<f32>> {
    let s = Attention { heads }.sizes(packed.dims())?;
    let square = s.tokens * s.tokens;
    let mut all = vec![0.0; s.count * heads * square];
    with_values(packed, |x| {
        for (x, all) in x.chunks_exact(s.tokens * s.packed).zip(all.chunks_exact_mut(heads * square)) {
            for (head, p) in all.chunks_exact_mut(square).enumerate() {
                probabilities(p, x, head, s);
            }
        }
    })?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use candle_core::{D, IndexOp};

    use super::super::check;
    use super::*;

    fn composed(x: &Tensor, heads: usize) -> Result<(Tensor, Tensor)> {
        let (count, tokens, packed) = x.dims3()?;
        let each = packed / 3 / heads;
        let parts = x.reshape((count, tokens, 3, heads, each))?.permute((2, 0, 3, 1, 4))?.contiguous()?;
        let (q, k, v) = (parts.i(0)?, parts.i(1)?, parts.i(2)?);
        let scores = (q.matmul(&k.transpose(2, 3)?.contiguous()?)? * (each as f64).powf(-0.5))?;
        let p = candle_nn::ops::softmax(&scores, D::Minus1)?;
        let y = p.matmul(&v)?.transpose(1, 2)?.contiguous()?.reshape((count, tokens, packed / 3))?;
        Ok((y, p))
    }

    #[test]
    fn right() {
        let shapes: [&[usize]; 1] = [&[2, 9, 24]];
        check::agree(&shapes, |x| attention(&x[0], 2), |x| Ok(composed(&x[0], 2)?.0));
        check::finite_differences(&shapes, |x| attention(&x[0], 2));
    }

    #[test]
    fn probabilities_are_those_used() {
        let x = check::random(&[2, 9, 24], 5);
        let ours = attention_probabilities(&x, 2).unwrap();
        let theirs = composed(&x, 2).unwrap().1.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert!(ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}
