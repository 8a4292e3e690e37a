-- Demo data, for SEED=demo only: a user whose token is `mytoken`, and three deployments.
-- Whichever unique key it is that a seed at the same time has filled, it is the same data.
insert into users (username, token_hash)
values ('density', '1a17ea3569204d6c4114794ca73fa257457fc0612928c7bf024801659b77dba8')
on conflict do nothing;

insert into records (service, environment, version, commit_id, deployed_at)
values
    ('api', 'dev', '0.1.0', '2e6c1aada0f2', 1767225600000000),
    ('api', 'staging', '0.1.0', '2e6c1aada0f2', 1767312000000000),
    ('auth', 'dev', '0.1.0', '2e6c1aada0f2', 1767225600000000)
on conflict do nothing;
