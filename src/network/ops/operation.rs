//! The bridge to candle: an [`Operation`] is plain arithmetic on slices; the adapters here make it an operation that
//! candle can differentiate. No arithmetic lives here.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, CustomOp3, Error, Layout, Result, Shape, Storage, Tensor, bail};

/// One input or output: its values, row-major, and its shape.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    /// Values, row-major.
    pub values: &'a [f32],
    /// Shape.
    pub shape: &'a [usize],
}

/// A differentiable operation of `N` inputs on plain slices.
pub(super) trait Operation<const N: usize>: Send + Sync {
    /// Name for candle's messages.
    const NAME: &'static str;

    /// Output values and shape.
    fn forward(&self, inputs: [View<'_>; N]) -> Result<(Vec<f32>, Vec<usize>)>;

    /// Gradient of each input from the gradient of the output; `wanted` says which are of use, others may be left empty.
    fn backward(&self, inputs: [View<'_>; N], output: View<'_>, grad: &[f32], wanted: [bool; N]) -> [Vec<f32>; N];
}

struct Adapter<T>(T);

fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let (from, to) = layout.contiguous_offsets().ok_or_else(|| Error::Msg("not contiguous".into()))?;
    Ok(&storage.as_slice::<f32>()?[from..to])
}

/// Hands the values of a tensor (row-major) to `f`.
pub(in crate::network) fn with_values<R>(tensor: &Tensor, f: impl FnOnce(&[f32]) -> R) -> Result<R> {
    let tensor = tensor.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cpu(storage) => Ok(f(values(storage, layout)?)),
        _ => bail!("the network's operations run on the processor only"),
    }
}

fn gradient(values: Vec<f32>, input: &Tensor) -> Result<Option<Tensor>> {
    if values.is_empty() { Ok(None) } else { Tensor::from_vec(values, input.shape(), input.device()).map(Some) }
}

fn finish((values, shape): (Vec<f32>, Vec<usize>)) -> Result<(CpuStorage, Shape)> {
    Ok((CpuStorage::F32(values), Shape::from(shape)))
}

impl<T: Operation<1>> CustomOp1 for Adapter<T> {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn cpu_fwd(&self, s1: &CpuStorage, l1: &Layout) -> Result<(CpuStorage, Shape)> {
        finish(self.0.forward([View { values: values(s1, l1)?, shape: l1.dims() }])?)
    }

    fn bwd(&self, x1: &Tensor, output: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let [d1] = with_values(x1, |v1| {
            with_values(output, |out| {
                with_values(grad, |grad| {
                    self.0.backward(
                        [View { values: v1, shape: x1.dims() }],
                        View { values: out, shape: output.dims() },
                        grad,
                        [x1.track_op()],
                    )
                })
            })
        })???;
        gradient(d1, x1)
    }
}

impl<T: Operation<2>> CustomOp2 for Adapter<T> {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn cpu_fwd(&self, s1: &CpuStorage, l1: &Layout, s2: &CpuStorage, l2: &Layout) -> Result<(CpuStorage, Shape)> {
        let x1 = View { values: values(s1, l1)?, shape: l1.dims() };
        let x2 = View { values: values(s2, l2)?, shape: l2.dims() };
        finish(self.0.forward([x1, x2])?)
    }

    fn bwd(
        &self,
        x1: &Tensor,
        x2: &Tensor,
        output: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let [d1, d2] = with_values(x1, |v1| {
            with_values(x2, |v2| {
                with_values(output, |out| {
                    with_values(grad, |grad| {
                        self.0.backward(
                            [View { values: v1, shape: x1.dims() }, View { values: v2, shape: x2.dims() }],
                            View { values: out, shape: output.dims() },
                            grad,
                            [x1.track_op(), x2.track_op()],
                        )
                    })
                })
            })
        })????;
        Ok((gradient(d1, x1)?, gradient(d2, x2)?))
    }
}

impl<T: Operation<3>> CustomOp3 for Adapter<T> {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn cpu_fwd(
        &self,
        s1: &CpuStorage,
        l1: &Layout,
        s2: &CpuStorage,
        l2: &Layout,
        s3: &CpuStorage,
        l3: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let x1 = View { values: values(s1, l1)?, shape: l1.dims() };
        let x2 = View { values: values(s2, l2)?, shape: l2.dims() };
        let x3 = View { values: values(s3, l3)?, shape: l3.dims() };
        finish(self.0.forward([x1, x2, x3])?)
    }

    fn bwd(
        &self,
        x1: &Tensor,
        x2: &Tensor,
        x3: &Tensor,
        output: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [d1, d2, d3] = with_values(x1, |v1| {
            with_values(x2, |v2| {
                with_values(x3, |v3| {
                    with_values(output, |out| {
                        with_values(grad, |grad| {
                            self.0.backward(
                                [
                                    View { values: v1, shape: x1.dims() },
                                    View { values: v2, shape: x2.dims() },
                                    View { values: v3, shape: x3.dims() },
                                ],
                                View { values: out, shape: output.dims() },
                                grad,
                                [x1.track_op(), x2.track_op(), x3.track_op()],
                            )
                        })
                    })
                })
            })
        })?????;
        Ok((gradient(d1, x1)?, gradient(d2, x2)?, gradient(d3, x3)?))
    }
}

/// Runs an operation of one input.
pub(super) fn apply1(x: &Tensor, operation: impl Operation<1> + 'static) -> Result<Tensor> {
    x.contiguous()?.apply_op1(Adapter(operation))
}

/// Runs an operation of two inputs.
pub(super) fn apply2(x: &Tensor, y: &Tensor, operation: impl Operation<2> + 'static) -> Result<Tensor> {
    x.contiguous()?.apply_op2(&y.contiguous()?, Adapter(operation))
}

/// Runs an operation of three inputs.
pub(super) fn apply3(x: &Tensor, y: &Tensor, z: &Tensor, operation: impl Operation<3> + 'static) -> Result<Tensor> {
    x.contiguous()?.apply_op3(&y.contiguous()?, &z.contiguous()?, Adapter(operation))
}
