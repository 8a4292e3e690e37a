//! `commit` delivery.

use crate::inject::{self, Fault, Point, WRITING, all_points, need_strace};
use crate::world::{Checkout, PROMOTER, Ran, World, overlay_path};

const PROMOTE: [&str; 4] = [PROMOTER, "promote", "dev", "staging"];
const ELSEWHERE: [&str; 6] = [PROMOTER, "promote", "dev", "staging", "--branch", "other"];

/// A repository in which the user has changes of all kinds, none of them in the way.
fn begin() -> World {
    let world = World::pipeline();
    world.commit_files("more", &[("staged.txt", "a\n"), ("dirty.txt", "a\n")]);
    world.git(&["branch", "other"]);
    world.write("staged.txt", "b\n");
    world.git(&["add", "staged.txt"]);
    world.write("dirty.txt", "b\n");
    world.write("environments/staging/api/untracked.txt", "mine\n");
    world
}

/// What must be as it was, whatever happened: the user's changes, and what git says of them.
fn users(repo: &Checkout) -> Vec<String> {
    let others = format!(":!{}", overlay_path("staging", "api"));
    let mut all = vec![repo.git(&["status", "--porcelain", "--untracked-files=all", ".", &others])];
    all.push(repo.git(&["ls-files", "--stage", ".", &others]));
    let files = ["staged.txt", "dirty.txt", "environments/staging/api/untracked.txt", "README.md"];
    all.extend(files.map(|path| repo.read(path)));
    all
}

/// A promotion of the template to be disturbed, and what it comes to when nobody does.
struct Story {
    template: World,
    command: Vec<&'static str>,
    branch: &'static str,
    tree: String,
}

impl Story {
    fn new(command: &[&'static str], branch: &'static str) -> Self {
        need_strace();
        let template = begin();
        let done = template.copy();
        done.run(command[0], &command[1..]).expect(0);
        let tree = done.git(&["rev-parse", &format!("{branch}^{{tree}}")]);
        Story { template, command: command.to_vec(), branch, tree }
    }

    /// Disturbs one run and makes it good; gives how it ended, or nothing where it ran through.
    #[track_caller]
    fn check(&self, point: Point) -> Option<i32> {
        let world = self.template.copy();
        let trace = world.folder().join("trace");
        let ran = inject::run(&world, point, &trace, &self.command);
        self.whatever_happened(&world, point, &ran);
        world.promoter(&["status"]).expect(0);
        world.run(self.command[0], &self.command[1..]).expect(0);
        self.made_good(&world, point, &ran);
        inject::struck(&trace).then_some(ran.code)
    }

    #[track_caller]
    fn whatever_happened(&self, world: &World, point: Point, ran: &Ran) {
        assert!([0, 6, 137].contains(&ran.code), "{point:?}: {}", ran.text());
        let tree = world.git(&["rev-parse", &format!("{}^{{tree}}", self.branch)]);
        let old = self.template.git(&["rev-parse", &format!("{}^{{tree}}", self.branch)]);
        assert!(tree == old || tree == self.tree, "{point:?}: neither old nor new");
        assert_eq!(users(world), users(&self.template), "{point:?}");
        world.git(&["fsck", "--strict", "--no-dangling"]);
    }

    #[track_caller]
    fn made_good(&self, world: &World, point: Point, ran: &Ran) {
        let tree = world.git(&["rev-parse", &format!("{}^{{tree}}", self.branch)]);
        assert_eq!(tree, self.tree, "{point:?}: {}", ran.text());
        assert_eq!(world.git(&["rev-list", "--count", self.branch]), "3", "{point:?}");
        let status = ["status", "--porcelain", "--untracked-files=all"];
        assert_eq!(world.git(&status), self.template.git(&status), "{point:?}");
        assert_eq!(users(world), users(&self.template), "{point:?}");
        assert_eq!(left_over(world), Vec::<String>::new(), "{point:?}");
    }

    /// Every N of a kind, until a run has fewer; gives how each ended.
    fn every(&self, call: &'static str, fault: Fault) -> Vec<i32> {
        (1..).map_while(|nth| self.check(Point { call, nth, fault })).collect()
    }

    /// Every N of every kind; of the many opens, those that create a file, unless all are wanted.
    /// Gives how each ended.
    fn everywhere(&self, fault: Fault) -> Vec<i32> {
        let opens = inject::creating_opens(&self.template.copy(), &self.command);
        let mut ended = Vec::new();
        // A full disk does not keep a file from being read, which `openat` does as well.
        let kinds = WRITING
            .into_iter()
            .filter(|call| !matches!((fault, *call), (Fault::NoSpace, "openat")));
        for call in kinds {
            if call == "openat" && !all_points() {
                ended.extend(
                    opens.iter().filter_map(|nth| self.check(Point { call, nth: *nth, fault })),
                );
            } else {
                ended.extend(self.every(call, fault));
            }
        }
        println!("{}: {fault:?} at {} points", self.command[1..].join(" "), ended.len());
        ended
    }
}

/// What may block git or promoter, or is rubbish; the lock file itself is neither.
pub(crate) fn left_over(repo: &Checkout) -> Vec<String> {
    let names = ["*.lock", "journal*", "held", "stage", "new-index*", "running*", "*promoter-new*"];
    let mut arguments = vec![".", "-name", "no such name"];
    arguments.extend(names.iter().flat_map(|name| ["-o", "-name", name]));
    let found = repo.run("find", &arguments).expect(0).stdout;
    found.lines().map(str::to_owned).collect()
}

#[test]
fn killed_at_any_call_the_checked_out_branch_is_made_good() {
    let ended = Story::new(&PROMOTE, "main").everywhere(Fault::Kill);
    assert!(ended.len() > 40 && ended.iter().all(|code| *code == 137), "{ended:?}");
}

#[test]
fn killed_at_any_call_a_branch_that_is_not_checked_out_is_made_good() {
    let ended = Story::new(&ELSEWHERE, "other").everywhere(Fault::Kill);
    assert!(ended.len() > 20 && ended.iter().all(|code| *code == 137), "{ended:?}");
}

#[test]
fn a_full_disk_loses_nothing() {
    let ended = Story::new(&PROMOTE, "main").everywhere(Fault::NoSpace);
    let failed = ended.iter().filter(|code| **code == 6).count();
    assert!(failed > 20 && ended.iter().all(|code| [0, 6].contains(code)), "{ended:?}");
}
