//! Many promotions at once end in one pull request with all of them.

use std::thread;

use crate::world::{Ran, World, overlay, overlay_path};
use crate::{ahead, clone, shop_of};

#[test]
fn twenty_four_promotions_end_in_one_pull_request() {
    const COUNT: usize = 24;
    let world = World::pipeline();
    for service in 0..COUNT {
        let name = format!("s{service}");
        for (environment, tag) in [("dev", "2.0.0"), ("staging", "1.0.0")] {
            world.write(&overlay_path(environment, &name), overlay(&name, tag));
        }
    }
    world.commit("more services");
    let (world, github) = shop_of(world);
    // Three in each of eight clones, so that they meet in a clone and on the server.
    let clones: Vec<_> = (0..COUNT / 3).map(|at| clone(&world, &format!("clone-{at}"))).collect();
    let ran: Vec<Ran> = thread::scope(|scope| {
        let run = |at: usize| {
            let service = format!("s{at}");
            let clone = &clones[at / 3];
            move || {
                clone.promoter(&["promote", "dev", "staging", &service, "--pr", "--timeout", "1h"])
            }
        };
        let all: Vec<_> = (0..COUNT).map(|at| scope.spawn(run(at))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for ran in ran {
        ran.expect(0);
    }
    let pull = github.only();
    assert!(pull.open);
    assert_eq!(pull.title, format!("promote dev to staging: {COUNT} services"));
    assert_eq!(ahead(&world, "promote/staging").len(), COUNT);
    for service in 0..COUNT {
        assert!(pull.body.contains(&format!("| <code>s{service}</code> |")), "{}", pull.body);
    }
    let tip = world.at("remote.git").id("promote/staging");
    assert!(pull.body.contains(&format!("head {tip}")), "{}", pull.body);
    world.at("remote.git").git(&["fsck", "--strict"]);
}
