//! The invariants of `docs/ARCHITECTURE.md`, read off the files of the repository.
#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Path from the root of the repository, and its text.
type File = (String, String);

#[test]
fn only_git_names_git2() {
    assert_absent(&promoter(Except(&["git/"])), &["git2"]);
}

#[test]
fn only_two_rooms_speak_http() {
    let rooms = ["argocd/", "forge/", "registry/"];
    assert_absent(&promoter(Except(&rooms)), &["reqwest", "tokio", "rustls"]);
}

#[test]
fn only_forge_names_octocrab() {
    let words = ["octocrab", "http_body_util", "ExposeSecret"];
    assert_absent(&promoter(Except(&["forge/"])), &words);
}

#[test]
fn only_report_prints() {
    let words = ["print!", "println!", "eprint!", "eprintln!", "stdout()", "stderr()"];
    assert_absent(&promoter(Except(&["report/"])), &words);
}

#[test]
fn only_cli_reads_the_environment() {
    let words =
        ["std::env", "env::var", "env::vars", "env::var_os", "env::args", "env::current_dir"];
    assert_absent(&promoter(Except(&["cli/"])), &words);
}

#[test]
fn the_middle_does_no_io_and_has_no_clock() {
    let middle = [
        "body.rs",
        "plan",
        "platform.rs",
        "pipeline/",
        "overlay/",
        "gate/",
        "signature/",
        "version.rs",
        "place.rs",
        "yaml",
    ];
    let outside = ["std::fs", "std::process", "std::net", "std::thread", "File::open", "git2"];
    let clock = ["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"];
    assert_absent(&promoter(Within(&middle)), &outside);
    assert_absent(&promoter(Within(&middle)), &clock);
}

#[test]
fn registries_and_signatures_have_one_room_each() {
    let registry = ["oci_client", "docker_credential", "http_auth"];
    assert_absent(&promoter(Except(&["registry/"])), &registry);
    assert_absent(&promoter(Except(&["signature/"])), &["sigstore_verify", "p256"]);
}

#[test]
fn only_the_command_line_of_the_app_reads_the_environment() {
    let words =
        ["std::env", "env::var", "env::vars", "env::var_os", "env::args", "env::current_dir"];
    assert_absent(&app(Except(&["cli.rs", "config.rs"])), &words);
    // Its variables are clap's, and stand in one list; those of a job are its own.
    assert_absent(&app(Except(&["config.rs", "smoke.rs", "secrets/mod.rs"])), &["env = "]);
}

#[test]
fn only_the_stores_of_the_app_name_their_clients() {
    let stores = ["db.rs", "records/", "timestamps/", "users/"];
    assert_absent(&app(Except(&stores)), &["sqlx", "fred"]);
}

#[test]
fn only_three_rooms_of_the_app_print() {
    let words = ["print!", "println!", "eprint!", "eprintln!", "stdout()", "stderr()"];
    assert_absent(&app(Except(&["cli.rs", "smoke.rs", "telemetry/"])), &words);
}

#[test]
fn only_the_server_of_the_app_names_hyper() {
    assert_absent(&app(Except(&["server/"])), &["hyper", "hyper_util"]);
}

#[test]
fn what_is_common_names_no_environment() {
    let pipeline = fs::read_to_string(root().join("promoter.yaml")).unwrap();
    let named = pipeline.lines().filter_map(|line| line.trim().strip_prefix("- name: "));
    let environments: Vec<&str> = named.chain(["development", "production"]).collect();
    assert!(environments.len() > 2, "promoter.yaml names environments");
    // Where a kernel keeps its devices is no environment.
    let named = |line: &str| {
        let line = line.replace("/dev/", "");
        environments.iter().any(|name| says(&line, name))
    };
    assert_none(&files("kustomize"), named);
}

#[test]
fn no_file_names_a_machine() {
    assert_none(&files("."), names_a_machine);
}

#[test]
fn no_file_holds_a_secret() {
    assert_none(&files("."), looks_secret);
}

#[test]
fn the_maps_and_the_rooms_agree() {
    let page = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    for folder in ["promoter/src", "app/src"] {
        let mut there = rooms(folder);
        let mut mapped = rooms_of(&page, folder);
        there.sort();
        mapped.sort();
        assert_eq!(mapped, there, "left: docs/ARCHITECTURE.md, right: {folder}");
    }
}

#[test]
fn the_searches_find_what_they_look_for() {
    let file = |text: &str| vec![("x.rs".to_owned(), code(text))];
    assert_eq!(findings(&file("fn f() {\n    println!();\n}\n"), &["println!"]).len(), 1);
    assert_eq!(findings(&file("use git2::Oid;\n"), &["git2"]).len(), 1);
    assert_eq!(findings(&file("// no git2 here\nlet digit2 = 1;\n"), &["git2"]).len(), 0);
    assert_eq!(
        findings(&file("#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n"), &["std::fs"]).len(),
        0
    );
    let page = "\n## Map of `a/src`\n| `a.rs` | x |\n\n## B\n| `b` |";
    assert_eq!(rooms_of(page, "a/src"), ["a.rs"]);
    assert_eq!(findings(&file("#[arg(long, env = \"ADDR\")]\n"), &["env = "]).len(), 1);
    assert!(looks_secret(&format!("token: ghp_{}", "a1".repeat(18))));
    assert!(looks_secret(concat!("-----BEGIN RSA PRIVATE ", "KEY-----")));
    assert!(!looks_secret("password: ${PASSWORD}"));
    assert!(names_a_machine(concat!("cd /wo", "rk/tree")));
    assert!(!names_a_machine(concat!("cd \"$dir/wo", "rk/tree\"")));
}

/// The entries of the folder; folders end in a slash.
fn rooms(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let name = |entry: fs::DirEntry| {
        let slash = if entry.path().is_dir() { "/" } else { "" };
        format!("{}{slash}", entry.file_name().to_str().unwrap())
    };
    entries.map(|entry| name(entry.unwrap())).collect()
}

/// The first column of the table under `## Map of` the folder.
fn rooms_of(page: &str, folder: &str) -> Vec<String> {
    let title = format!("Map of `{folder}`");
    let map = page.split("\n## ").find(|part| part.starts_with(&title)).unwrap();
    let rows = map.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().unwrap().to_owned()).collect()
}

/// Which rooms of a crate a rule is about, by the start of their path.
#[derive(Clone, Copy)]
enum Rooms<'a> {
    Except(&'a [&'a str]),
    Within(&'a [&'a str]),
}
use Rooms::{Except, Within};

fn promoter(rooms: Rooms) -> Vec<File> {
    sources("promoter/src/", rooms)
}

fn app(rooms: Rooms) -> Vec<File> {
    sources("app/src/", rooms)
}

/// The code of these rooms of the folder, comments and unit tests left out.
fn sources(folder: &str, rooms: Rooms) -> Vec<File> {
    let told = |path: &str, rooms: &[&str]| {
        let path = path.trim_start_matches(folder);
        rooms.iter().any(|room| path.starts_with(room))
    };
    let mut found = files(folder);
    found.retain(|(path, _)| match rooms {
        Except(rooms) => !told(path, rooms),
        Within(rooms) => told(path, rooms),
    });
    assert!(!found.is_empty(), "no source file in these rooms");
    found.into_iter().map(|(path, text)| (path, code(&text))).collect()
}

/// The text less comment lines, and less the unit tests at its end.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = body.lines().map(|line| if line.trim().starts_with("//") { "" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// Every text file below `folder` that git knows or would add.
fn files(folder: &str) -> Vec<File> {
    let mut git = Command::new("git");
    let listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", folder];
    let output = git.current_dir(root()).args(listing).output().unwrap();
    let paths = String::from_utf8(output.stdout).unwrap();
    let read = |path: &str| Some((path.to_owned(), fs::read_to_string(root().join(path)).ok()?));
    paths.split_terminator('\0').filter_map(read).collect()
}

fn assert_absent(files: &[File], words: &[&str]) {
    let found = findings(files, words);
    assert!(found.is_empty(), "not allowed there:\n{}", found.join("\n"));
}

fn assert_none(files: &[File], wrong: impl Fn(&str) -> bool) {
    let found = matches(files, wrong);
    assert!(found.is_empty(), "not allowed in this repository:\n{}", found.join("\n"));
}

/// `path:line: text` of every line that says one of the words.
fn findings(files: &[File], words: &[&str]) -> Vec<String> {
    matches(files, |line| words.iter().any(|word| says(line, word)))
}

fn matches(files: &[File], wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let numbered = files.iter().flat_map(|(path, text)| {
        text.lines().enumerate().map(move |(at, line)| (path, at + 1, line))
    });
    let found = numbered.filter(|(_, _, line)| wanted(line));
    found.map(|(path, at, line)| format!("{path}:{at}: {}", line.trim())).collect()
}

/// Whether the line has the word, and not as a part of a longer one.
fn says(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let whole = word.ends_with(part);
    around(line, word)
        .any(|(before, after)| !(before.ends_with(part) || (whole && after.starts_with(part))))
}

/// What stands before and after each place of the word in the line.
fn around<'a>(line: &'a str, word: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    line.match_indices(word)
        .map(|(at, found)| (line.split_at(at).0, line.split_at(at + found.len()).1))
}

/// Whether the line has an absolute path of somebody's own machine.
fn names_a_machine(line: &str) -> bool {
    let roots = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];
    let inside = |c: char| c.is_alphanumeric() || "}./_-*".contains(c);
    let absolute = |root: &str| around(line, root).any(|(before, _)| !before.ends_with(inside));
    roots.into_iter().any(absolute)
}

/// Whether the line holds a private key, or a token by the prefix and length its issuer gives it.
fn looks_secret(line: &str) -> bool {
    let tokens = [
        ("ghp_", 36),
        ("ghs_", 36),
        ("github_pat_", 22),
        ("glpat-", 20),
        ("AKIA", 16),
        ("xoxb-", 20),
    ];
    let length =
        |after: &str| after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').count();
    let token = |(prefix, least): &(&str, usize)| {
        around(line, prefix).any(|(_, after)| length(after) >= *least)
    };
    line.contains(concat!("PRIVATE ", "KEY-----")) || tokens.iter().any(token)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
