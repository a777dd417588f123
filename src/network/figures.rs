//! Figures of merit from labels and scores: AUROC, average precision, calibration, operating points, and their
//! intervals by drawing patients anew (percentile bootstrap). Plain numbers in and out.

/// Places of the five scored heads in the outputs: abnormal, arrhythmia, conduction, infarction, hypertrophy.
pub const FIVE: [usize; 5] = [0, 1, 2, 3, 5];

/// Area under the receiver operating curve (Mann-Whitney, ties count half). `None` unless both classes are there.
pub fn auroc(labels: &[bool], scores: &[f64]) -> Option<f64> {
    auroc_weighted(labels, scores, &vec![1.0; labels.len()], &order(scores))
}

/// Indices by rising score.
pub fn order(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(a.cmp(b)));
    order
}

/// AUROC in which a record counts `weights` times; `order` as [`order`] gives it.
pub fn auroc_weighted(labels: &[bool], scores: &[f64], weights: &[f64], order: &[usize]) -> Option<f64> {
    let (mut below, mut wins, mut positives) = (0.0, 0.0, 0.0);
    let mut at = 0;
    while at < order.len() {
        let score = scores[order[at]];
        let (mut here_positive, mut here_negative) = (0.0, 0.0);
        while at < order.len() && scores[order[at]] == score {
            let record = order[at];
            *(if labels[record] { &mut here_positive } else { &mut here_negative }) += weights[record];
            at += 1;
        }
        wins += here_positive * (below + 0.5 * here_negative);
        below += here_negative;
        positives += here_positive;
    }
    (positives > 0.0 && below > 0.0).then(|| wins / (positives * below))
}

/// Mean of the five scored heads; `None` if one of them has no figure.
pub fn macro_of_five(by_head: &[Option<f64>]) -> Option<f64> {
    FIVE.iter().map(|head| by_head.get(*head).copied().flatten()).sum::<Option<f64>>().map(|sum| sum / 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auroc_of_known_orders() {
        let labels = [false, false, true, true];
        assert_eq!(auroc(&labels, &[0.1, 0.2, 0.3, 0.4]), Some(1.0));
        assert_eq!(auroc(&labels, &[0.4, 0.3, 0.2, 0.1]), Some(0.0));
        assert_eq!(auroc(&labels, &[0.1, 0.1, 0.1, 0.1]), Some(0.5));
        assert_eq!(auroc(&labels, &[0.1, 0.4, 0.35, 0.8]), Some(0.75)); // scikit-learn's example
        assert_eq!(auroc(&[true, true], &[0.1, 0.2]), None);
    }

    #[test]
    fn a_weight_of_two_is_the_record_twice() {
        let (labels, scores) = ([true, false, true, false], [0.7, 0.6, 0.5, 0.4]);
        let weighted = auroc_weighted(&labels, &scores, &[1.0, 2.0, 1.0, 0.0], &order(&scores));
        assert_eq!(weighted, auroc(&[true, false, false, true], &[0.7, 0.6, 0.6, 0.5]));
    }
}
