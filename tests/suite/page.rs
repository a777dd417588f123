//! Paper measured as a ruler would: the PDF rendered by another program, and the PNG, at 254 dots per inch (10 to the mm).

use std::process::{Command, Output};
use std::sync::Arc;

use einthoven::ecg::{Lead, Recording, Trace};
use einthoven::page::{About, Page, Palette, pdf, png, raster};
use einthoven::report::{HeatLayer, Layout, PaperOptions, PaperSize, Sheet, lanes, report_pdf};
use einthoven::review::{Review, Study};

use crate::study;

fn about() -> About {
    About {
        title: "ECG report".to_owned(),
        program: "einthoven 0.1.0".to_owned(),
        made_at: "2026-03-15T10:00:00".parse().expect("a time"),
        identity: "einthoven:5f2c".to_owned(),
    }
}

/// Runs a tool; `None` with a line that says so, where it is not installed.
fn tool(name: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(name).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) => {
            println!("skipped: {name} cannot be run ({error})");
            None
        }
    }
}

/// 1 mV for one second, from second 2 to second 3, in a lead of six seconds.
fn pulse() -> Study {
    let sample = |index: usize| if (1000..1500).contains(&index) { 1.0 } else { 0.0 };
    let trace = Trace::new(Lead::II, 500.0, (0..3000).map(sample).collect::<Vec<f32>>());
    let recording = Arc::new(Recording::new("test", vec![trace]));
    Study { file: "pulse".to_owned(), recording, analysis: None, review: Review::default() }
}

fn pulse_page() -> (Page, f32) {
    let layout = Layout { sheet: Sheet::TwelveByOne, ..Layout::new(180.0, 60.0) };
    let arrangement = einthoven::report::arrange(&pulse().recording, &layout);
    let left_mm = arrangement.lanes().next().expect("one lane").cell.x_mm;
    (lanes(&pulse(), &layout), left_mm)
}

/// Middle of the dark dots of a line of dots.
fn middle(dark: impl Iterator<Item = (usize, bool)>) -> f64 {
    let places: Vec<usize> = dark.filter(|(_, dark)| *dark).map(|(place, _)| place).collect();
    assert!(!places.is_empty() && places.len() < 12, "one line was expected, {} dots are dark", places.len());
    places.iter().sum::<usize>() as f64 / places.len() as f64
}

/// Height and width of the pulse in mm, measured in dots (10 to the mm).
fn measure(width: usize, height: usize, is_dark: impl Fn(usize, usize) -> bool, left_mm: f32) -> (f64, f64) {
    let x = |time_s: f32| ((left_mm + time_s * 25.0) * 10.0) as usize;
    let inside = 60..height - 110;
    let line_at = |time_s: f32| middle(inside.clone().map(|y| (y, is_dark(x(time_s), y))));
    let (base, top) = (line_at(1.0), line_at(2.5));
    let half = ((base + top) / 2.0).round() as usize;
    let edge = |from_s: f32, to_s: f32| middle((x(from_s)..x(to_s).min(width)).map(|x| (x, is_dark(x, half))));
    ((base - top) / 10.0, (edge(2.5, 3.5) - edge(1.5, 2.5)) / 10.0)
}

#[test]
fn in_the_pdf_1_mv_is_10_mm_and_1_s_is_25_mm() {
    let (page, left_mm) = pulse_page();
    let folder = tempfile::tempdir().expect("a folder");
    let (file, image) = (folder.path().join("pulse.pdf"), folder.path().join("pulse"));
    std::fs::write(&file, pdf(&[page], &about()).expect("a PDF")).expect("written");
    let (file, image) = (file.display().to_string(), image.display().to_string());
    let Some(done) = tool("pdftoppm", &["-r", "254", "-gray", "-singlefile", &file, &image]) else { return };
    assert!(done.status.success(), "{done:?}");
    let pgm = std::fs::read(format!("{image}.pgm")).expect("a picture");
    let head: Vec<&[u8]> = pgm.splitn(4, |byte| byte.is_ascii_whitespace()).collect();
    let number = |bytes: &[u8]| -> usize { std::str::from_utf8(bytes).expect("digits").parse().expect("a number") };
    let (width, height) = (number(head[1]), number(head[2]));
    let dots = &pgm[pgm.len() - width * height..];
    let (height_mm, width_mm) = measure(width, height, |x, y| dots[y * width + x] < 110, left_mm);
    println!("1 mV = {height_mm:.2} mm, 1 s = {width_mm:.2} mm");
    assert!((height_mm - 10.0).abs() <= 0.1, "{height_mm}");
    assert!((width_mm - 25.0).abs() <= 0.1, "{width_mm}");
}

#[test]
fn in_the_png_1_mv_is_10_mm_and_1_s_is_25_mm() {
    let (page, left_mm) = pulse_page();
    let raster = raster(&page, Palette::Print, 254.0).expect("a picture");
    let (width, height) = (raster.width as usize, raster.height as usize);
    let is_dark = |x: usize, y: usize| raster.rgba[(y * width + x) * 4 + 1] < 110;
    let (height_mm, width_mm) = measure(width, height, is_dark, left_mm);
    assert!((height_mm - 10.0).abs() <= 0.1, "{height_mm}");
    assert!((width_mm - 25.0).abs() <= 0.1, "{width_mm}");
}

#[test]
fn a_report_is_sound_searchable_and_the_same_twice() {
    let study = study::reviewed();
    for size in [PaperSize::A4, PaperSize::Letter] {
        let made = || {
            let made_at = "2026-03-15T10:00:00Z".parse().expect("a time");
            report_pdf(&study, &PaperOptions { size }, made_at).expect("a PDF")
        };
        let bytes = made();
        assert!(bytes == made(), "the same study gave other bytes");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("report.pdf").display().to_string();
        std::fs::write(&file, &bytes).expect("written");
        if let Some(done) = tool("qpdf", &["--check", &file]) {
            assert!(done.status.success(), "{done:?}");
        }
        if let Some(done) = tool("pdfinfo", &[&file]) {
            let text = String::from_utf8_lossy(&done.stdout);
            assert!(text.contains("ECG report, patient Ångström, Grüße, recorded 2026-03-14 09:26:53"), "{text}");
            assert!(text.contains("Pages:           6"), "{text}");
        }
        if let Some(done) = tool("pdffonts", &[&file]) {
            let table = String::from_utf8_lossy(&done.stdout).into_owned();
            let fonts: Vec<&str> = table.lines().skip(2).collect();
            assert_eq!(fonts.len(), 2, "{table}");
            assert!(fonts.iter().all(|font| font.contains("Inter") && font.contains("yes yes yes")), "{table}");
        }
        if let Some(done) = tool("pdftotext", &["-layout", &file, "-"]) {
            let text = String::from_utf8_lossy(&done.stdout);
            let wanted = [
                "Ångström, Grüße",
                "PT-000123",
                einthoven::report::DISCLAIMER,
                &"9b1e4f07".repeat(8),
                "Confirmed by Dr. M. Keller",
                "Risk level: Moderate",
                "page 6 of 6",
            ];
            for words in wanted {
                assert!(text.contains(words), "{words} is not in the text of the PDF");
            }
            assert_eq!(text.matches(einthoven::report::DISCLAIMER).count(), 1);
        }
    }
}

#[test]
fn the_picture_of_a_view_has_its_size_and_its_heat() {
    let study = study::full();
    let plain = Layout::new(300.0, 190.0);
    let heat = Some(HeatLayer { head: einthoven::analysis::Head::Arrhythmia, opacity: 0.75 });
    let heated = Layout { heat, ..plain.clone() };
    let picture = |layout: &Layout| png(&lanes(&study, layout), Palette::Light, 96.0).expect("a picture");
    assert_eq!(picture(&plain), picture(&plain));
    assert_ne!(picture(&plain), picture(&heated));
    let raster = raster(&lanes(&study, &plain), Palette::Dark, 96.0).expect("a picture");
    assert_eq!((raster.width, raster.height), (1134, 718));
}
