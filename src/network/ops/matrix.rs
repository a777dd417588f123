//! Matrix products on strided slices: a checked front of the `gemm` crate, single-threaded.

#![allow(unsafe_code)]

/// A matrix inside a slice: values, step from row to row, step from column to column.
#[derive(Clone, Copy)]
pub(super) struct Strided<'a>(pub &'a [f32], pub usize, pub usize);

/// `out[m, n] (+)= a[m, k] b[k, n]`; `out` has rows `out_step` apart and adjacent columns; `add` keeps what is in it.
pub(super) fn multiply(
    (m, n, k): (usize, usize, usize),
    out: &mut [f32],
    out_step: usize,
    add: bool,
    a: Strided<'_>,
    b: Strided<'_>,
) {
    if m == 0 || n == 0 || k == 0 {
        return;
    }
    let last = |rows: usize, columns: usize, row_step: usize, column_step: usize| {
        (rows - 1) * row_step + (columns - 1) * column_step
    };
    assert!(m == 1 || out_step >= n, "rows of the product overlap");
    assert!(out.len() > last(m, n, out_step, 1), "the product does not fit");
    assert!(a.0.len() > last(m, k, a.1, a.2) && b.0.len() > last(k, n, b.1, b.2), "a factor is too short");
    // SAFETY: the assertions above keep every index inside its slice; `out` is borrowed mutably, so it aliases neither
    // factor, and its rows do not overlap. Why: gemm takes raw pointers, and a safe loop cannot use its packed kernels.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            out_step as isize,
            add,
            a.0.as_ptr(),
            a.2 as isize,
            a.1 as isize,
            b.0.as_ptr(),
            b.2 as isize,
            b.1 as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 + seed * 104_729) % 1000) as f32 / 500.0 - 1.0).collect()
    }

    #[test]
    fn agrees_with_the_triple_loop_on_strides() {
        for (m, n, k) in [(1, 1, 1), (5, 7, 3), (33, 24, 7), (12, 64, 65)] {
            let (a, b) = (numbers(k * (m + 2), 1), numbers(n * k, 2));
            let step = n + 3;
            let mut out = numbers(m * step, 3);
            let mut plain = out.clone();
            for i in 0..m {
                for j in 0..n {
                    plain[i * step + j] += (0..k).map(|l| a[l * (m + 2) + i] * b[j * k + l]).sum::<f32>();
                }
            }
            multiply((m, n, k), &mut out, step, true, Strided(&a, 1, m + 2), Strided(&b, 1, k));
            for (fast, plain) in out.iter().zip(&plain) {
                assert!((fast - plain).abs() < 1e-4);
            }
        }
    }

    #[test]
    #[should_panic(expected = "too short")]
    fn refuses_a_short_factor() {
        multiply((2, 2, 2), &mut [0.0; 4], 2, false, Strided(&[0.0; 3], 2, 1), Strided(&[0.0; 4], 2, 1));
    }
}
