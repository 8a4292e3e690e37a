-- Who may call, by the SHA-256 of their token, as 64 hexadecimal digits.
create table users (
    id integer primary key autoincrement,
    username text not null unique,
    token_hash text not null unique
);

-- What ran where, since when; deployed_at is in microseconds since 1970-01-01T00:00:00Z.
create table records (
    id integer primary key autoincrement,
    service text not null,
    environment text not null,
    version text not null,
    commit_id text not null,
    deployed_at integer not null,
    unique (service, environment, version, commit_id, deployed_at)
);
create index records_by_environment on records (environment, service, id desc);
