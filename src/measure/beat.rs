//! A beat and its class.

/// Class of a beat, after EC57's groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BeatClass {
    /// Normal or conducted with bundle branch block.
    Normal,
    /// Ventricular ectopic.
    VentricularEctopic,
    /// Supraventricular ectopic.
    SupraventricularEctopic,
    /// Paced.
    Paced,
    /// Not classified.
    #[default]
    Unclassified,
}

impl BeatClass {
    /// Name in the JSON.
    pub fn name(self) -> &'static str {
        match self {
            BeatClass::Normal => "normal",
            BeatClass::VentricularEctopic => "ventricular_ectopic",
            BeatClass::SupraventricularEctopic => "supraventricular_ectopic",
            BeatClass::Paced => "paced",
            BeatClass::Unclassified => "unclassified",
        }
    }
}

/// One heart beat, found over all leads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beat {
    /// Time of the R point (energy centre of the QRS), s from the start of the recording.
    pub r_s: f64,
    /// Class.
    pub class: BeatClass,
    /// 0 (doubtful) to 1 (sure).
    pub confidence: f32,
}
