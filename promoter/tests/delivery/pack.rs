//! Many new objects come as one pack, which git must find to be its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::crowd::services;
use crate::world::{Checkout, overlay};

/// Bumps `count` services in one commit.
fn bump(repo: &Checkout, count: usize, tag: &str) {
    let assignments: Vec<String> = (0..count).map(|at| format!("s{at}={tag}")).collect();
    let all: Vec<&str> = assignments.iter().map(String::as_str).collect();
    repo.promoter(&[&["bump", "dev"], all.as_slice()].concat()).expect(0);
}

fn packs(repo: &Checkout) -> Vec<String> {
    let found = repo.run("find", &[".git/objects/pack", "-name", "*.pack"]).expect(0).stdout;
    found.lines().map(str::to_owned).collect()
}

#[test]
fn a_pack_and_its_index_are_those_that_git_would_make() {
    let world = services(60);
    bump(&world, 60, "2.0.0");
    let [pack] = packs(&world).try_into().unwrap();
    let index = pack.replace(".pack", ".idx");
    world.git(&["index-pack", "-o", "by-git.idx", &pack]);
    let (ours, gits) = (world.path().join(&index), world.path().join("by-git.idx"));
    assert_eq!(fs::read(&ours).unwrap(), fs::read(gits).unwrap());
    assert_eq!(fs::metadata(ours).unwrap().permissions().mode() & 0o777, 0o444);
    let path = "environments/dev/s59/kustomization.yaml";
    assert_eq!(world.show("main", path), overlay("s59", "2.0.0"));
    world.git(&["fsck", "--strict"]);
}

#[test]
fn a_pack_that_is_there_already_is_written_again() {
    let world = services(60);
    bump(&world, 60, "2.0.0");
    world.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    bump(&world, 60, "2.0.0");
    assert_eq!(packs(&world).len(), 1);
    world.git(&["fsck", "--strict"]);
}

#[test]
fn a_few_objects_are_loose() {
    let world = services(5);
    bump(&world, 5, "2.0.0");
    assert_eq!(packs(&world), Vec::<String>::new());
}
