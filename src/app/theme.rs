//! Colours and type of the window. The only place with colours: they all come from [`page::Palette`](crate::page::Palette), so that paper and
//! panels agree. Type is Inter, bundled; nothing is smaller than 13 points.

use std::sync::Arc;

use egui::{Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke, TextStyle, Visuals};

use crate::page::{Ink, Palette, Rgba, Weight, font};

/// Smallest type, points.
pub const SMALL: f32 = 13.0;

/// The family of headings, lead names and risk words.
pub fn semi_bold() -> FontFamily {
    FontFamily::Name("semi-bold".into())
}

/// A colour as egui has it.
pub fn colour(Rgba(r, g, b, a): Rgba) -> Color32 {
    Color32::from_rgba_unmultiplied(r, g, b, a)
}

/// The palette of a ui.
pub fn palette(ui: &egui::Ui) -> Palette {
    if ui.visuals().dark_mode { Palette::Dark } else { Palette::Light }
}

/// An ink's colour in a ui.
pub fn ink(ui: &egui::Ui, ink: Ink) -> Color32 {
    colour(palette(ui).colour(ink))
}

/// Gives a context the type and both sets of colours; called once.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for (theme, palette) in [(egui::Theme::Light, Palette::Light), (egui::Theme::Dark, Palette::Dark)] {
        ctx.style_mut_of(theme, |style| {
            style.visuals = visuals(palette);
            let size = |points: f32| FontId::new(points, FontFamily::Proportional);
            style.text_styles = [
                (TextStyle::Small, size(SMALL)),
                (TextStyle::Body, size(14.0)),
                (TextStyle::Button, size(14.0)),
                (TextStyle::Heading, FontId::new(17.0, semi_bold())),
                (TextStyle::Monospace, FontId::new(13.5, FontFamily::Monospace)),
            ]
            .into();
            style.spacing.item_spacing = egui::vec2(8.0, 5.0);
            style.spacing.button_padding = egui::vec2(8.0, 3.0);
            style.spacing.interact_size.y = 24.0;
            style.interaction.selectable_labels = false;
            style.animation_time = 0.0; // nothing moves while a reader reads
        });
    }
    ctx.options_mut(|options| options.zoom_with_keyboard = false); // Ctrl + and - are the paper's speed
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    for (name, weight) in [("Inter", Weight::Regular), ("Inter SemiBold", Weight::SemiBold)] {
        fonts.font_data.insert(name.into(), Arc::new(FontData::from_static(font::bytes(weight))));
    }
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (family, first) in [(FontFamily::Proportional, "Inter"), (semi_bold(), "Inter SemiBold")] {
        let names = std::iter::once(first.to_owned()).chain(fallback.iter().cloned());
        fonts.families.insert(family, names.collect());
    }
    fonts
}

fn visuals(palette: Palette) -> Visuals {
    let ink = |ink| colour(palette.colour(ink));
    let dark = palette == Palette::Dark;
    let mut visuals = if dark { Visuals::dark() } else { Visuals::light() };
    visuals.panel_fill = ink(Ink::Panel);
    visuals.window_fill = ink(Ink::Panel);
    visuals.window_stroke = Stroke::new(1.0, ink(Ink::Rule));
    visuals.extreme_bg_color = ink(Ink::Paper);
    visuals.faint_bg_color = ink(Ink::Paper).gamma_multiply(0.5);
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(ink(Ink::TextWeak));
    visuals.hyperlink_color = ink(Ink::Accent);
    visuals.warn_fg_color = ink(Ink::RiskModerate);
    visuals.error_fg_color = ink(Ink::RiskCritical);
    visuals.selection.bg_fill = ink(Ink::Accent).gamma_multiply(if dark { 0.35 } else { 0.2 });
    visuals.selection.stroke = Stroke::new(1.0, ink(Ink::Text));
    visuals.text_cursor.blink = false; // a window at rest paints nothing
    visuals.window_shadow.blur = 12;
    visuals.popup_shadow = visuals.window_shadow;
    let widgets = &mut visuals.widgets;
    for widget in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        widget.corner_radius = CornerRadius::same(4);
        widget.fg_stroke = Stroke::new(1.0, ink(Ink::Text));
        widget.bg_stroke = Stroke::new(1.0, ink(Ink::Rule));
        widget.expansion = 0.0;
    }
    widgets.inactive.weak_bg_fill = ink(Ink::Paper);
    widgets.inactive.bg_fill = ink(Ink::Rule);
    widgets.hovered.bg_stroke.color = ink(Ink::Accent);
    widgets.hovered.weak_bg_fill = ink(Ink::Accent).gamma_multiply(0.12);
    widgets.active.weak_bg_fill = ink(Ink::Accent).gamma_multiply(0.25);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_themes_stand_on_the_palettes() {
        let ctx = egui::Context::default();
        install(&ctx);
        for (theme, palette) in [(egui::Theme::Light, Palette::Light), (egui::Theme::Dark, Palette::Dark)] {
            let style = ctx.style_of(theme);
            assert_eq!(style.visuals.panel_fill, colour(palette.colour(Ink::Panel)));
            assert!(style.text_styles.values().all(|font| font.size >= SMALL));
            let text = palette.colour(Ink::Text).contrast(palette.colour(Ink::Panel));
            let weak = palette.colour(Ink::TextWeak).contrast(palette.colour(Ink::Panel));
            assert!(text >= 7.0 && weak >= 4.5, "{theme:?}: {text:.1}, {weak:.1}");
        }
    }
}
