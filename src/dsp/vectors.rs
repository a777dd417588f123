//! Plain loops compiled for AVX-512, AVX2 and the baseline; which of them runs is chosen at run time.

use std::sync::LazyLock;

static ARCH: LazyLock<pulp::Arch> = LazyLock::new(pulp::Arch::new);

/// Runs `body` compiled for the best vector unit of this processor. `body` and what it calls must be `#[inline(always)]`,
/// and loops must be written as loops: `collect` or `for_each` with a closure stays outside and runs twenty times slower.
#[inline]
pub(crate) fn vectorised<R>(body: impl FnOnce() -> R) -> R {
    ARCH.dispatch(body)
}

/// Runs a body that names the vectors itself, for the best vector unit of this processor.
#[inline]
pub(crate) fn in_vectors<T: pulp::WithSimd>(body: T) -> T::Output {
    ARCH.dispatch(body)
}
