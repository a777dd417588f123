//! Filters, transforms, resampling: slices in, slices out. Knows no lead, no recording and no unit but "sample".
