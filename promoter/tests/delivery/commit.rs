//! `commit` delivery: the branch, the changed files and their index entries, and nothing else.

use crate::world::{Checkout, World, overlay, overlay_path};

pub(crate) const TO_STAGING: [&str; 3] = ["promote", "dev", "staging"];

/// Everything of a repository that a refused command must leave as it was.
pub(crate) fn state(repo: &Checkout) -> Vec<String> {
    let mut all = vec![
        repo.git(&["show-ref", "--head"]),
        repo.git(&["status", "--porcelain=v2", "--ignored", "--untracked-files=all"]),
        repo.git(&["diff", "--binary"]),
        repo.git(&["diff", "--binary", "--cached"]),
        repo.git(&["ls-files", "--stage", "--debug"]),
    ];
    let files = repo.git(&["ls-files", "--others", "--cached", "--exclude-standard"]);
    all.extend(files.lines().filter(|path| repo.path().join(path).is_file()).map(|p| repo.read(p)));
    all
}

/// Runs a command that must be refused with a conflict, and change nothing; gives its words.
#[track_caller]
pub(crate) fn refused(repo: &Checkout, arguments: &[&str]) -> String {
    let before = state(repo);
    let ran = repo.promoter(arguments).expect(4);
    assert_eq!(state(repo), before, "a refused command changed something");
    ran.stderr
}

#[test]
fn exactly_the_changed_files_and_index_entries_follow() {
    let world = World::pipeline();
    world.promoter(&TO_STAGING).expect(0);
    assert_eq!(world.git(&["status", "--porcelain=v2"]), "");
    assert_eq!(world.read(&overlay_path("staging", "api")), overlay("api", "1.1.0"));
    assert_eq!(world.git(&["diff", "--name-only", "HEAD~1"]), overlay_path("staging", "api"));
    assert_eq!(world.git(&["rev-list", "--count", "HEAD"]), "2");
    world.git(&["fsck", "--strict"]);
}

#[test]
fn what_the_user_has_changed_elsewhere_stays() {
    let world = World::pipeline();
    world.commit_files("more", &[("staged.txt", "a\n"), ("dirty.txt", "a\n"), ("both.txt", "a\n")]);
    world.write("staged.txt", "b\n");
    world.write("both.txt", "b\n");
    world.git(&["add", "staged.txt", "both.txt"]);
    world.write("both.txt", "c\n");
    world.write("dirty.txt", "b\n");
    world.write("environments/staging/api/untracked.yaml", "mine\n");
    world.write(&overlay_path("prod", "api"), "mine: too\n");
    world.git(&["rm", "--quiet", "--cached", "README.md"]);
    let before = world.git(&["status", "--porcelain=v2", "--untracked-files=all"]);
    let entries = entries_but(&world, &overlay_path("staging", "api"));
    world.promoter(&TO_STAGING).expect(0);
    assert_eq!(world.git(&["status", "--porcelain=v2", "--untracked-files=all"]), before);
    assert_eq!(entries_but(&world, &overlay_path("staging", "api")), entries);
    assert_eq!(world.read("both.txt"), "c\n");
}

/// The index entries of all other files, with all that the index knows of them.
fn entries_but(repo: &Checkout, path: &str) -> String {
    repo.git(&["ls-files", "--stage", "--debug", "--", ".", &format!(":!{path}")])
}

#[test]
fn files_with_changes_are_refused() {
    let path = overlay_path("staging", "api");
    let check = |change: &dyn Fn(&World)| {
        let world = World::pipeline();
        change(&world);
        let words = refused(&world, &TO_STAGING);
        assert!(words.contains(&path) && words.contains("stash"), "{words}");
    };
    check(&|world| world.write(&path, overlay("api", "1.0.0") + "# mine\n"));
    check(&|world| {
        world.write(&path, overlay("api", "1.0.0") + "# mine\n");
        world.git(&["add", &path]);
    });
    check(&|world| {
        let text = world.read(&path);
        world.write(&path, "staged: true\n");
        world.git(&["add", &path]);
        world.write(&path, text);
    });
    check(&|world| drop(world.git(&["rm", "--quiet", "--cached", &path])));
    check(&|world| drop(world.git(&["rm", "--quiet", &path])));
    check(&|world| std::fs::remove_file(world.path().join(&path)).unwrap());
    // The wanted bytes, but not yet committed: still the user's.
    check(&|world| world.write(&path, overlay("api", "1.1.0")));
    check(&|world| {
        world.git(&["update-index", "--chmod=+x", &path]);
    });
}

const HOLD: &str = ".promoter/holds/staging/api.yaml";

/// A pipeline whose last promotion can be rolled back, which writes a mark into a new file.
fn promoted() -> World {
    let world = World::pipeline();
    world.promoter(&TO_STAGING).expect(0);
    world
}

#[test]
fn a_new_file_comes_with_its_folders() {
    let world = promoted();
    world.promoter(&["rollback", "staging", "api"]).expect(0);
    assert!(world.read(HOLD).contains("1.1.0"));
    assert_eq!(world.git(&["status", "--porcelain=v2", "--untracked-files=all"]), "");
}

#[test]
fn what_stands_in_the_place_of_a_new_file_is_refused() {
    let check = |path: &str, ignored: &str| {
        let world = promoted();
        world.write(".git/info/exclude", ignored);
        world.write(path, "mine\n");
        let words = refused(&world, &["rollback", "staging", "api"]);
        assert!(words.contains("changes that are not committed: .promoter"), "{words}");
    };
    check(HOLD, "");
    check(HOLD, ".promoter\n");
    check(&format!("{HOLD}/a-folder"), "");
    check(".promoter", "");
    check(".promoter/holds/staging", "");
}

#[test]
fn a_folder_that_the_user_replaced_by_a_link_is_refused() {
    let world = World::pipeline();
    let (folder, elsewhere) = ("environments/staging/api", world.at("elsewhere"));
    std::fs::rename(world.path().join(folder), elsewhere.path()).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), world.path().join(folder)).unwrap();
    refused(&world, &TO_STAGING);
    assert_eq!(elsewhere.read("kustomization.yaml"), overlay("api", "1.0.0"));
}

#[test]
fn the_reflog_says_what_moved_the_branch() {
    let world = promoted();
    let line = "promoter: promote dev to staging: api 1.1.0";
    assert_eq!(world.git(&["reflog", "-1", "--format=%gs", "main"]), line);
    assert_eq!(world.git(&["reflog", "-1", "--format=%gs", "HEAD"]), line);
    world.git(&["reset", "--quiet", "--hard", "HEAD@{1}"]);
    assert_eq!(world.read(&overlay_path("staging", "api")), overlay("api", "1.0.0"));
}

#[test]
fn the_trailers_are_trailers_to_git() {
    let world = World::pipeline();
    world
        .promoter(&["promote", "dev", "staging", "--message", "Because: of this.\n\nAnd: that"])
        .expect(0);
    let source = world.id("HEAD~1");
    let parsed =
        world.run("sh", &["-c", "git log -1 --format=%B | git interpret-trailers --parse"]);
    let expected = format!(
        "Promotion-From: dev\nPromotion-To: staging\nPromotion-Source: {source}\n\
         Promotion-Actor: Ada <ada@example.com>\n"
    );
    let trailers: Vec<_> =
        parsed.stdout.lines().filter(|line| !line.starts_with("Promotion-Gate")).collect();
    assert_eq!(trailers.join("\n") + "\n", expected);
}
