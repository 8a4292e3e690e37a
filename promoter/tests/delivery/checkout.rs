//! `commit` delivery where the working tree is not an ordinary one.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::commit::{TO_STAGING, refused, state};
use crate::world::{Checkout, World, overlay, overlay_path};

fn api() -> String {
    overlay_path("staging", "api")
}

/// Promotes, and expects the branch, the index and the file to agree on the new version.
#[track_caller]
fn promotes(repo: &Checkout) {
    let before = repo.git(&["status", "--porcelain=v2"]);
    repo.promoter(&TO_STAGING).expect(0);
    assert_eq!(repo.git(&["status", "--porcelain=v2"]), before);
    assert!(repo.show("HEAD", &api()).contains("newTag: 1.1.0"));
    repo.git(&["fsck", "--strict"]);
}

#[test]
fn unfinished_business_is_refused() {
    let check = |begin: &dyn Fn(&World), name: &str| {
        let world = World::pipeline();
        world.git(&["switch", "--quiet", "--create", "side"]);
        world.commit_files("side", &[("README.md", "side\n")]);
        world.git(&["switch", "--quiet", "main"]);
        world.commit_files("main", &[("README.md", "main\n")]);
        begin(&world);
        let words = refused(&world, &TO_STAGING);
        assert!(words.contains(name), "{words}");
    };
    let run = |world: &World, arguments: &[&str]| drop(world.run("git", arguments));
    check(&|world| run(world, &["merge", "side"]), "a merge is in progress");
    check(&|world| run(world, &["cherry-pick", "side"]), "a cherry-pick is in progress");
    check(&|world| run(world, &["revert", "--no-commit", "HEAD"]), "a revert is in progress");
    check(&|world| run(world, &["bisect", "start"]), "a bisect is in progress");
    check(&|world| run(world, &["rebase", "side"]), "a rebase is in progress");
}

#[test]
fn a_detached_head_has_no_branch_to_move() {
    let world = World::pipeline();
    world.git(&["switch", "--quiet", "--detach"]);
    let words = refused(&world, &TO_STAGING);
    assert!(words.contains("git switch BRANCH"), "{words}");
}

#[test]
fn a_branch_that_is_not_checked_out_moves_alone() {
    let world = World::pipeline();
    world.git(&["branch", "other"]);
    let before = state(&world);
    world.promoter(&["promote", "dev", "staging", "--branch", "other"]).expect(0);
    assert!(world.show("other", &api()).contains("newTag: 1.1.0"));
    world.git(&["branch", "--force", "other", "main"]);
    assert_eq!(state(&world), before);
}

#[test]
fn a_branch_checked_out_elsewhere_is_refused() {
    let world = World::pipeline();
    world.git(&["worktree", "add", "--quiet", "../linked", "-b", "other"]);
    let words = refused(&world, &["promote", "dev", "staging", "--branch", "other"]);
    assert!(words.contains("linked"), "{words}");
    let linked = world.at("linked");
    let words = refused(&linked, &["promote", "dev", "staging", "--branch", "main"]);
    assert!(words.contains("`main` is checked out in"), "{words}");
}

#[test]
fn a_linked_worktree_has_its_own_index() {
    let world = World::pipeline();
    world.git(&["worktree", "add", "--quiet", "../linked", "-b", "other"]);
    let main = state(&world);
    promotes(&world.at("linked"));
    world.git(&["branch", "--quiet", "--force", "copy", "other"]);
    assert_eq!(state(&world)[1..], main[1..]);
    promotes(&world);
}

#[test]
fn a_bare_repository_has_no_files_to_change() {
    let world = World::pipeline();
    let bare = world.add_remote();
    bare.promoter(&TO_STAGING).expect(0);
    assert!(bare.show("main", &api()).contains("newTag: 1.1.0"));
    let left: Vec<_> = fs::read_dir(bare.path().join("promoter")).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "only the lock: {left:?}");
}

#[test]
fn submodules_are_left_alone() {
    let world = World::pipeline();
    let library = world.at("library");
    world.git(&["init", "--quiet", "../library"]);
    library.commit_files("begin", &[("a", "a\n")]);
    world.git(&["submodule", "--quiet", "add", "../library", "environments/staging/library"]);
    world.git(&["commit", "--quiet", "--message", "add a submodule"]);
    world.at("repo/environments/staging/library").write("a", "changed\n");
    promotes(&world);
}

#[test]
fn a_sparse_checkout_stays_sparse() {
    let world = World::pipeline();
    world.git(&["sparse-checkout", "set", "--no-cone", "/*", "!/environments/staging/"]);
    assert!(!world.path().join(api()).exists());
    promotes(&world);
    assert!(!world.path().join(api()).exists());
    world.git(&["sparse-checkout", "disable"]);
    assert_eq!(world.read(&api()), overlay("api", "1.1.0"));
}

#[test]
fn a_sparse_index_is_refused_by_name() {
    let world = World::pipeline();
    world.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "environments/dev"]);
    let before = world.id("HEAD");
    let words = world.promoter(&TO_STAGING).expect(2).stderr;
    assert!(words.contains("sdir") && words.contains("--no-sparse-index"), "{words}");
    assert_eq!(world.id("HEAD"), before);
    assert_eq!(world.git(&["status", "--porcelain=v2"]), "");
}

#[test]
fn a_split_index_is_refused_by_name() {
    let world = World::pipeline();
    world.git(&["update-index", "--split-index"]);
    let before = world.id("HEAD");
    let words = world.promoter(&TO_STAGING).expect(2).stderr;
    assert!(words.contains("link") && words.contains("--no-split-index"), "{words}");
    assert_eq!(world.id("HEAD"), before);
    assert_eq!(world.git(&["status", "--porcelain=v2"]), "");
}

#[test]
fn index_version_4_stays_version_4() {
    let world = World::pipeline();
    world.git(&["update-index", "--index-version", "4"]);
    promotes(&world);
    let index = fs::read(world.path().join(".git/index")).unwrap();
    assert_eq!(index[4..8], [0, 0, 0, 4]);
}

#[test]
fn flags_of_other_entries_stay() {
    let world = World::pipeline();
    world.git(&["update-index", "--assume-unchanged", "README.md"]);
    world.git(&["update-index", "--skip-worktree", &overlay_path("prod", "api")]);
    world.write("new.txt", "new\n");
    world.git(&["add", "--intent-to-add", "new.txt"]);
    let flags = world.git(&["ls-files", "-v", "-t"]);
    promotes(&world);
    assert_eq!(world.git(&["ls-files", "-v", "-t"]), flags);
}

#[test]
fn line_ends_are_those_the_attributes_ask_for() {
    let world = World::pipeline();
    world.commit_files("attributes", &[(".gitattributes", "*.yaml text eol=crlf\n")]);
    world.git(&["rm", "--quiet", "--cached", "-r", "environments"]);
    world.git(&["reset", "--quiet", "--hard"]);
    assert!(world.read(&api()).contains("\r\n"));
    promotes(&world);
    assert_eq!(world.read(&api()), overlay("api", "1.1.0").replace('\n', "\r\n"));
    assert_eq!(world.show("HEAD", &api()), overlay("api", "1.1.0"));
}

#[test]
fn committed_carriage_returns_stay_whatever_autocrlf_says() {
    let world = World::empty();
    world.write("promoter.yaml", World::pipeline().read("promoter.yaml"));
    let crlf = |service, tag| overlay(service, tag).replace('\n', "\r\n");
    world.write(&overlay_path("dev", "api"), crlf("api", "1.1.0"));
    world.write(&api(), crlf("api", "1.0.0"));
    world.write(&overlay_path("prod", "api"), crlf("api", "1.0.0"));
    world.commit("begin");
    world.git(&["config", "core.autocrlf", "input"]);
    world.promoter(&TO_STAGING).expect(0);
    assert_eq!(world.show("HEAD", &api()), crlf("api", "1.1.0"));
    assert_eq!(world.read(&api()), crlf("api", "1.1.0"));
}

#[test]
fn the_executable_bit_stays() {
    let world = World::pipeline();
    fs::set_permissions(world.path().join(api()), fs::Permissions::from_mode(0o755)).unwrap();
    world.commit("make it executable");
    promotes(&world);
    assert!(world.git(&["ls-tree", "HEAD", &api()]).starts_with("100755 "));
    let mode = fs::metadata(world.path().join(api())).unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111);
}

#[test]
fn a_symbolic_link_is_refused_by_name() {
    let world = World::pipeline();
    fs::remove_file(world.path().join(api())).unwrap();
    symlink("../../prod/api/kustomization.yaml", world.path().join(api())).unwrap();
    world.commit("link");
    let before = state(&world);
    let words = world.promoter(&TO_STAGING).expect(2).stderr;
    assert!(words.contains(&api()) && words.contains("symbolic link"), "{words}");
    assert_eq!(state(&world), before);
}

/// git trusts a file's time unless it is as new as the index: a rewritten index must not look
/// newer than what it was compared with.
#[test]
fn a_change_within_the_second_of_the_last_git_command_stays_visible() {
    let world = World::pipeline();
    world.git(&["config", "core.trustctime", "false"]);
    let readme = fs::File::options().append(true).open(world.path().join("README.md")).unwrap();
    let then = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    readme.set_modified(then).unwrap();
    world.git(&["update-index", "--refresh"]);
    let index = fs::File::options().append(true).open(world.path().join(".git/index")).unwrap();
    index.set_modified(then).unwrap();
    world.write("README.md", "READ ME\n");
    readme.set_modified(then).unwrap();
    world.promoter(&TO_STAGING).expect(0);
    assert!(world.git(&["status", "--porcelain"]).contains("README.md"));
}

#[test]
fn a_lock_of_gits_own_is_waited_out_by_hand() {
    let world = World::pipeline();
    world.write(".git/index.lock", "");
    let words = refused(&world.with_variable("GIT_OPTIONAL_LOCKS", "0"), &TO_STAGING);
    assert!(words.contains("index.lock"), "{words}");
    assert!(world.path().join(".git/index.lock").exists());
}
