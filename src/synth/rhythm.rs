//! Rhythms and kinds of beats: the words of a recipe.

/// Rhythm of the recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rhythm {
    /// Sinus rhythm with a breath of variation (2 %).
    Sinus,
    /// No P, fibrillatory waves, irregular RR.
    AtrialFibrillation,
    /// Each conducted beat is followed by a ventricular ectopic.
    Bigeminy,
    /// Each so-many-th beat is a ventricular ectopic with a compensatory pause.
    PrematureVentricular {
        /// 5 = four conducted beats, then an ectopic one.
        every: usize,
    },
    /// Sinus rhythm with one long RR in the middle.
    Pause {
        /// Length of that RR, s.
        pause_s: f64,
    },
    /// Ventricular pacing: spike, wide QRS, no P.
    Paced,
    /// Wide regular beats without P.
    VentricularTachycardia,
    /// Regular saw-toothed atrial waves that go on through the beats; one in two to one in five is conducted.
    AtrialFlutter {
        /// Atrial waves, /min.
        per_min: f64,
        /// Their height from crest to trough in lead II, mV.
        height_mv: f64,
    },
    /// P of four shapes in no order, each with a PR of its own, irregular RR.
    MultifocalAtrial,
    /// Wide fast beats without P whose axis turns from beat to beat.
    PolymorphicTachycardia,
    /// Waves of changing height and rate, no QRS.
    VentricularFibrillation,
    /// Ventricular pacing that loses each so-many-th beat: a spike alone.
    LostCapture {
        /// 4 = three paced beats, then a spike alone.
        every: usize,
    },
}

/// Kind of a beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BeatKind {
    /// Conducted, in whatever shape the recipe says.
    Conducted,
    /// Ventricular ectopic, or a beat of a ventricular tachycardia.
    Ventricular,
    /// Paced from the ventricle.
    Paced,
}
