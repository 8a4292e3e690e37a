//! `push` delivery: promoter itself, and each git that it runs.

use std::fs;

use crate::inject::{self, Fault, Point, WRITING, all_points, need_strace};
use crate::local::left_over;
use crate::server::serve;
use crate::world::{Checkout, PROMOTER, World};

const PUSH: [&str; 4] = ["promote", "dev", "staging", "--push"];

/// Where the fault strikes.
#[derive(Clone, Copy, Debug)]
enum Victim {
    /// promoter.
    Promoter,
    /// The git that promoter runs as the n-th.
    Git(usize),
}

struct Story {
    template: World,
    tree: String,
    /// How many times promoter runs git.
    gits: usize,
}

impl Story {
    fn new() -> Self {
        need_strace();
        let template = World::pipeline();
        template.add_remote();
        template.write("README.md", "mine\n");
        let done = served(&template);
        let gits = wrapped(&done, 0, &[]);
        gits.promoter(&PUSH).expect(0);
        let remote = done.at("remote.git");
        let tree = remote.git(&["rev-parse", "main^{tree}"]);
        let gits = done.at(".").read("count").lines().count();
        Story { template, tree, gits }
    }

    /// Disturbs one run and makes it good; says whether there was something to disturb.
    #[track_caller]
    fn check(&self, victim: Victim, point: Point) -> bool {
        let world = served(&self.template);
        let trace = world.folder().join("trace");
        let ran = match victim {
            Victim::Promoter => {
                let command: Vec<&str> = [PROMOTER].into_iter().chain(PUSH).collect();
                inject::run(&world, point, &trace, &command)
            }
            Victim::Git(nth) => wrapped(&world, nth, &point.options(&trace)).promoter(&PUSH),
        };
        let context = format!("{victim:?} {point:?}: {}", ran.text());
        assert!([0, 6, 137].contains(&ran.code), "{context}");
        let remote = world.at("remote.git");
        let tree = remote.git(&["rev-parse", "main^{tree}"]);
        let old = self.template.git(&["rev-parse", "main^{tree}"]);
        assert!(tree == old || tree == self.tree, "{context}");
        assert!(ran.code != 0 || tree == self.tree, "said to be pushed, and is not: {context}");
        for repo in [&remote, &*world] {
            repo.git(&["fsck", "--strict", "--no-dangling"]);
        }
        world.promoter(&["status"]).expect(0);
        world.promoter(&PUSH).expect(0);
        self.made_good(&world, &context);
        inject::struck(&trace)
    }

    #[track_caller]
    fn made_good(&self, world: &World, context: &str) {
        let remote = world.at("remote.git");
        assert_eq!(remote.git(&["rev-parse", "main^{tree}"]), self.tree, "{context}");
        assert_eq!(remote.git(&["rev-list", "--count", "main"]), "2", "{context}");
        assert_eq!(world.id("main"), self.template.id("main"), "{context}");
        assert_eq!(world.git(&["status", "--porcelain"]), " M README.md", "{context}");
        assert_eq!(left_over(world), Vec::<String>::new(), "{context}");
        world.git(&["fetch", "--quiet", "origin"]);
    }

    /// Every `step`-th call of a kind, until a run has fewer; gives how many were tried.
    fn every(&self, victim: Victim, call: &'static str, step: usize) -> usize {
        let point = |nth| Point { call, nth, fault: Fault::Kill };
        (1..).step_by(step).take_while(|nth| self.check(victim, point(*nth))).count()
    }
}

/// A copy with its remote served.
fn served(template: &World) -> World {
    let world = template.copy();
    let url = format!("{}/remote.git", serve(world.folder()));
    world.git(&["config", "remote.origin.url", &url]);
    world
}

/// The repository with a `git` on its path that counts, and runs the `nth` one under strace.
fn wrapped(world: &World, nth: usize, options: &[String]) -> Checkout {
    let path = std::env::var("PATH").unwrap();
    let git = world.run("sh", &["-c", "command -v git"]).stdout.trim().to_owned();
    let count = world.folder().join("count");
    let script = format!(
        "#!/bin/sh\necho >> '{count}'\n\
         if [ $(wc -l < '{count}') = {nth} ]; then\n\
         strace -f {options} {git} \"$@\"; code=$?\n\
         if [ $code -gt 128 ]; then kill -9 $$; fi\n\
         exit $code\nfi\n\
         exec {git} \"$@\"\n",
        count = count.display(),
        options = options.join(" "),
    );
    let bin = world.at("bin");
    fs::create_dir_all(bin.path()).unwrap();
    world.write_program(&bin.path().join("git"), &script);
    fs::remove_file(count).unwrap_or_default();
    world.with_variable("PATH", &format!("{}:{path}", bin.path().display()))
}

/// Kinds that a sample is taken of; every N of every kind with `PROMOTER_FAULTS=all`.
fn sampled() -> Vec<(&'static str, usize)> {
    if all_points() {
        return WRITING.map(|call| (call, 1)).to_vec();
    }
    vec![("rename", 1), ("unlink", 2), ("link", 2), ("write", 5), ("openat", 29)]
}

#[test]
fn promoter_killed_at_any_call_of_a_push_is_made_good() {
    let story = Story::new();
    let tried = sampled().into_iter().map(|(call, step)| story.every(Victim::Promoter, call, step));
    let points: usize = tried.sum();
    println!("promoter killed at {points} points of a push");
    assert!(points > 5);
}

#[test]
fn git_killed_at_any_call_of_a_push_is_made_good() {
    let story = Story::new();
    let mut points = 0;
    for nth in 1..=story.gits {
        for (call, step) in sampled() {
            points += story.every(Victim::Git(nth), call, step);
        }
    }
    println!("git killed at {points} points of a push, {} of them run", story.gits);
    assert!(points > 5);
}
