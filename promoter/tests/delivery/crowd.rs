//! Many writers at once: all land, none is lost.

use std::thread;

use crate::world::{Checkout, Ran, World, overlay};

/// An environment with services `s0`, `s1` and so on, all at 1.0.0.
pub(crate) fn services(count: usize) -> World {
    let world = World::pipeline();
    for service in 0..count {
        let name = format!("s{service}");
        world
            .write(&format!("environments/dev/{name}/kustomization.yaml"), overlay(&name, "1.0.0"));
    }
    world.commit("more services");
    world
}

/// Bumps a service of its own in each clone, all at once; a slow machine is no reason to give up.
fn bump_all(clones: &[Checkout], further: &[&str]) -> Vec<Ran> {
    let run = |at: usize, clone: &Checkout| {
        let assignment = format!("s{at}=2.0.0");
        clone.promoter(&[&["bump", "dev", &assignment, "--timeout", "1h"], further].concat())
    };
    thread::scope(|scope| {
        let run = &run;
        let all = clones.iter().enumerate().map(|(at, clone)| scope.spawn(move || run(at, clone)));
        all.collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap()).collect()
    })
}

#[track_caller]
fn all_landed(repo: &Checkout, count: usize) {
    let tags = repo.git(&["grep", "--count", "newTag: 2.0.0", "main", "--", "environments/dev"]);
    assert_eq!(tags.lines().count(), count, "{tags}");
    assert_eq!(repo.git(&["rev-list", "--count", "main"]), (count + 2).to_string());
    assert_eq!(repo.git(&["rev-list", "--count", "--merges", "main"]), "0");
    repo.git(&["fsck", "--strict"]);
}

#[test]
fn eight_commits_in_one_clone() {
    let world = services(8);
    for ran in bump_all(&vec![(*world).clone(); 8], &[]) {
        ran.expect(0);
    }
    all_landed(&world, 8);
    assert_eq!(world.git(&["status", "--porcelain"]), "");
}

#[test]
fn six_pushes_from_clones_of_their_own() {
    let world = services(6);
    world.add_remote();
    let clones: Vec<_> = (0..6).map(|at| world.clone_remote(&format!("clone-{at}"), &[])).collect();
    for ran in bump_all(&clones, &["--push"]) {
        ran.expect(0);
    }
    all_landed(&world.at("remote.git"), 6);
}

#[test]
fn six_pushes_from_one_clone() {
    let world = services(6);
    world.add_remote();
    for ran in bump_all(&vec![(*world).clone(); 6], &["--push"]) {
        ran.expect(0);
    }
    all_landed(&world.at("remote.git"), 6);
}
