//! Reads the source as the house test needs it: imports of shipped code, without comments, strings and `#[cfg(test)]` modules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One path that names another room or file.
#[derive(Debug, Clone)]
pub struct Import {
    /// Line, from 1.
    pub line: usize,
    /// First part of the path below `crate::`.
    pub target: String,
    /// Second part, where there is one.
    pub inner: Option<String>,
}

/// One source file.
pub struct File {
    /// Path below the root of the project.
    pub path: String,
    /// Folder (or single file) under `src`.
    pub room: String,
    /// Path inside the room without `.rs`, `mod` for its front.
    pub name: String,
    /// Number of lines, tests included.
    pub lines: usize,
    /// Does it open with `//!` (or `#![doc`)?
    pub opens_with_doc: bool,
    code: String,
}

impl File {
    /// Every `crate::room` (and `einthoven::room`) of shipped code.
    pub fn rooms(&self) -> Vec<Import> {
        let mut found = paths_after(&self.code, "crate::");
        found.extend(paths_after(&self.code, "einthoven::"));
        found
    }

    /// Lines of shipped code with this word followed by `::`, or after `use `.
    pub fn lines_naming(&self, name: &str) -> Vec<usize> {
        let word = |at: usize, text: &str| {
            let before = text[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '.')
        };
        let mut lines = Vec::new();
        for (number, text) in self.code.lines().enumerate() {
            let mut from = 0;
            while let Some(found) = text[from..].find(name) {
                let at = from + found;
                let after = &text[at + name.len()..];
                let whole = !after.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '_');
                if whole && word(at, text) && (after.starts_with("::") || text[..at].trim_end().ends_with("use")) {
                    lines.push(number + 1);
                }
                from = at + name.len();
            }
        }
        lines
    }

    /// Lines of shipped code with this text, not preceded by a letter.
    pub fn lines_with(&self, text: &str) -> Vec<usize> {
        let hit = |line: &str| {
            line.match_indices(text)
                .any(|(at, _)| !line[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_'))
        };
        self.code.lines().enumerate().filter(|(_, line)| hit(line)).map(|(number, _)| number + 1).collect()
    }
}

/// Every `.rs` file under `src`.
pub fn read_tree(src: &Path) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![src.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for path in entries.map(|entry| entry.expect("readable folder").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(read_file(src, &path));
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!files.is_empty(), "no source under {}", src.display());
    files
}

fn read_file(src: &Path, path: &Path) -> File {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let inside = path.strip_prefix(src).expect("below src").with_extension("");
    let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    File {
        path: format!("src/{}.rs", parts.join("/")),
        room: parts[0].clone(),
        name: if parts.len() == 1 { "mod".into() } else { parts[1..].join("/") },
        lines: text.lines().count(),
        opens_with_doc: text.starts_with("//!") || text.starts_with("#![doc"),
        code: shipped(&text),
    }
}

/// The text with comments and strings blanked and test modules cut, line for line.
fn shipped(text: &str) -> String {
    let code = blank(text);
    let mut out = String::new();
    let mut depth: Option<i32> = None; // braces open since a `#[cfg(test)]` item began
    let mut waiting = false;
    for line in code.lines() {
        let trimmed = line.trim();
        if depth.is_none() && trimmed.starts_with("#[cfg(test)]") {
            (waiting, depth) = (true, Some(0));
        }
        if let Some(open) = depth.as_mut() {
            *open += line.matches('{').count() as i32 - line.matches('}').count() as i32;
            if line.contains('{') {
                waiting = false;
            }
            let ended = (!waiting && *open <= 0) || (waiting && trimmed.ends_with(';'));
            if ended {
                depth = None;
            }
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

/// Comments and string contents become spaces; lines stay.
fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    let keep_line = |c: char| if c == '\n' { '\n' } else { ' ' };
    while i < chars.len() {
        let rest = &chars[i..];
        if rest.starts_with(&['/', '/']) {
            while i < chars.len() && chars[i] != '\n' {
                out.push(' ');
                i += 1;
            }
        } else if rest.starts_with(&['/', '*']) {
            while i < chars.len() && !chars[i..].starts_with(&['*', '/']) {
                out.push(keep_line(chars[i]));
                i += 1;
            }
            out.push_str("  ");
            i += 2;
        } else if chars[i] == 'r' && matches!(rest.get(1), Some('"' | '#')) && raw_string(rest).is_some() {
            let length = raw_string(rest).unwrap_or(1);
            rest[..length].iter().for_each(|c| out.push(keep_line(*c)));
            i += length;
        } else if chars[i] == '"' {
            out.push(' ');
            i += 1;
            while i < chars.len() && chars[i] != '"' {
                let step = if chars[i] == '\\' { 2 } else { 1 };
                chars[i..chars.len().min(i + step)].iter().for_each(|c| out.push(keep_line(*c)));
                i += step;
            }
            out.push(' ');
            i += 1;
        } else if chars[i] == '\'' && (rest.get(2) == Some(&'\'') || (rest.get(1) == Some(&'\\'))) {
            let end = rest.iter().skip(2).position(|c| *c == '\'').map_or(1, |at| at + 3);
            out.extend(std::iter::repeat_n(' ', end));
            i += end;
        } else {
            out.push(chars[i]);
            i += 1;
        }
    }
    out
}

fn raw_string(rest: &[char]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    (rest.get(1 + hashes) == Some(&'"')).then_some(())?;
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let body = 2 + hashes;
    (body..rest.len()).find(|at| rest[*at..].starts_with(&close)).map(|at| at + close.len())
}

/// Paths after a root such as `crate::`, groups opened.
fn paths_after(code: &str, root: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(root) {
        if code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        for path in tree(&code[at + root.len()..]) {
            let mut parts = path.split("::");
            let target = parts.next().unwrap_or_default().trim().to_owned();
            if !target.is_empty() {
                found.push(Import { line, target, inner: parts.next().map(|part| part.trim().to_owned()) });
            }
        }
    }
    found
}

/// `a::{b, c::d}` → `a::b`, `a::c::d`.
fn tree(text: &str) -> Vec<String> {
    let text = text.trim_start();
    if let Some(body) = text.strip_prefix('{') {
        let mut depth = 0;
        let mut parts = vec![String::new()];
        for c in body.chars() {
            match c {
                '}' if depth == 0 => break,
                ',' if depth == 0 => parts.push(String::new()),
                _ => {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    parts.last_mut().expect("never empty").push(c);
                }
            }
        }
        return parts.iter().filter(|part| !part.trim().is_empty()).flat_map(|part| tree(part)).collect();
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    match rest.strip_prefix("::") {
        Some(rest) => {
            let below = tree(rest);
            if below.is_empty() {
                vec![head.to_owned()]
            } else {
                below.iter().map(|b| format!("{head}::{b}")).collect()
            }
        }
        None => vec![head.to_owned()],
    }
}

/// Arrows between the files of one room: name → names it uses.
pub fn arrows_inside(files: &[&File]) -> BTreeMap<String, BTreeSet<String>> {
    let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let exports: BTreeMap<String, String> = files
        .iter()
        .filter(|file| file.name == "mod" || file.name.ends_with("/mod"))
        .flat_map(|file| re_exports(file, &names))
        .collect();
    let mut arrows = BTreeMap::new();
    for file in files {
        let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut to = BTreeSet::new();
        let own = file.rooms().into_iter().filter(|import| import.target == file.room);
        for inner in own.filter_map(|import| import.inner) {
            to.extend(resolve("", &inner, &names, &exports));
        }
        let front = file.name == "mod" || file.name.ends_with("/mod");
        for import in paths_after(&file.code, "super::") {
            let above = if front { folder.rsplit_once('/').map_or("", |(above, _)| above) } else { folder };
            if !(front && folder.is_empty()) {
                to.extend(resolve(above, &import.target, &names, &exports));
            }
        }
        to.remove(&file.name);
        arrows.insert(file.name.clone(), to);
    }
    arrows
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn resolve(folder: &str, name: &str, names: &BTreeSet<&str>, exports: &BTreeMap<String, String>) -> Option<String> {
    let direct = join(folder, name);
    if names.contains(direct.as_str()) {
        return Some(direct);
    }
    let front = format!("{direct}/mod");
    if names.contains(front.as_str()) {
        return Some(front);
    }
    exports.get(&direct).cloned()
}

/// Name in the room's front → file that defines it.
fn re_exports(file: &File, names: &BTreeSet<&str>) -> Vec<(String, String)> {
    let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Vec::new();
    for marker in ["pub use ", "pub(crate) use ", "pub(super) use "] {
        for (at, _) in file.code.match_indices(marker) {
            for path in tree(file.code[at + marker.len()..].trim_start_matches("self::")) {
                let Some((module, _)) = path.split_once("::") else { continue };
                let last = path.rsplit("::").next().unwrap_or_default();
                let target = join(folder, module);
                if names.contains(target.as_str()) {
                    found.push((join(folder, last), target));
                }
            }
        }
    }
    found
}

/// Circles in the arrows, each once.
pub fn circles(arrows: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    fn walk(
        at: &str,
        arrows: &BTreeMap<String, BTreeSet<String>>,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
        out: &mut Vec<Vec<String>>,
    ) {
        if let Some(start) = path.iter().position(|name| name == at) {
            out.push(path[start..].iter().cloned().chain([at.to_owned()]).collect());
            return;
        }
        if done.contains(at) {
            return;
        }
        path.push(at.to_owned());
        for next in arrows.get(at).into_iter().flatten() {
            walk(next, arrows, path, done, out);
        }
        path.pop();
        done.insert(at.to_owned());
    }
    let (mut done, mut out) = (BTreeSet::new(), Vec::new());
    for name in arrows.keys() {
        walk(name, arrows, &mut Vec::new(), &mut done, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_open_and_comments_and_strings_do_not_count() {
        let code = shipped(
            "use crate::{ecg::{Lead, Span}, dsp};\n// crate::app\nlet s = \"crate::cli\";\n#[cfg(test)]\nmod tests {\n    use crate::synth;\n}\ncrate::page::x();\n",
        );
        let targets: Vec<String> = paths_after(&code, "crate::").into_iter().map(|import| import.target).collect();
        assert_eq!(targets, ["ecg", "ecg", "dsp", "page"]);
    }

    #[test]
    fn a_circle_is_found() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let arrows = BTreeMap::from([
            ("a".to_owned(), set(&["b"])),
            ("b".to_owned(), set(&["c"])),
            ("c".to_owned(), set(&["a"])),
        ]);
        assert_eq!(circles(&arrows).len(), 1);
    }
}
