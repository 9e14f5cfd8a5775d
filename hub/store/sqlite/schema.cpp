#include "store/sqlite/migrations.h"

namespace yimen::store::sqlite {

namespace {

/// Times are microseconds since 1970 (0: never), days as store::Day. Every column is NOT NULL but placements.parent.
const Migration kPeople{
    1,
    "people and organisations",
    {
        "CREATE TABLE people ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL, username_key TEXT NOT NULL UNIQUE,"
        " name TEXT NOT NULL, phone TEXT NOT NULL, state INTEGER NOT NULL, created_at INTEGER NOT NULL,"
        " expires_at INTEGER NOT NULL, version INTEGER NOT NULL) STRICT",
        "CREATE TABLE organisations ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, kind INTEGER NOT NULL,"
        " name TEXT NOT NULL, name_en TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,"
        " tags TEXT NOT NULL, aliases TEXT NOT NULL) STRICT",
        "CREATE TABLE placements ("
        " org INTEGER NOT NULL REFERENCES organisations(id), parent INTEGER REFERENCES organisations(id),"
        " valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL, PRIMARY KEY (org, valid_from)) STRICT",
        "CREATE TABLE posts ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES people(id),"
        " org INTEGER NOT NULL REFERENCES organisations(id), title TEXT NOT NULL, roles TEXT NOT NULL,"
        " valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL) STRICT",
        "CREATE INDEX posts_person ON posts(person)",
        "CREATE TABLE preferred_posts ("
        " person INTEGER PRIMARY KEY REFERENCES people(id), post INTEGER NOT NULL REFERENCES posts(id)) STRICT",
    }};

const Migration kSignIn{
    2,
    "sign-in",
    {
        "CREATE TABLE credentials ("
        " person INTEGER PRIMARY KEY REFERENCES people(id), encoded_hash TEXT NOT NULL, changed_at INTEGER NOT NULL,"
        " must_change INTEGER NOT NULL) STRICT",
        "CREATE TABLE credential_history ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES people(id),"
        " encoded_hash TEXT NOT NULL) STRICT",
        "CREATE INDEX credential_history_person ON credential_history(person)",
        "CREATE TABLE sessions ("
        " id TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES people(id), acting_post INTEGER NOT NULL,"
        " assurance INTEGER NOT NULL, created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL,"
        " expires_at INTEGER NOT NULL, ip TEXT NOT NULL, user_agent TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE INDEX sessions_expiry ON sessions(expires_at)",
        "CREATE TABLE one_time_tokens ("
        " token_hash TEXT PRIMARY KEY, purpose TEXT NOT NULL, person INTEGER NOT NULL,"
        " expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE locks ("
        " account TEXT NOT NULL, source TEXT NOT NULL, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL,"
        " PRIMARY KEY (account, source)) STRICT, WITHOUT ROWID",
    }};

const Migration kLinks{
    3,
    "links and preferences",
    {
        "CREATE TABLE secrets ("
        " person INTEGER NOT NULL, system TEXT NOT NULL, version INTEGER NOT NULL, key_id TEXT NOT NULL,"
        " wrapped_key BLOB NOT NULL, sealed BLOB NOT NULL, state INTEGER NOT NULL, updated_at INTEGER NOT NULL,"
        " verified_at INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (person, system)) STRICT, WITHOUT ROWID",
        "CREATE TABLE favourites ("
        " person INTEGER NOT NULL REFERENCES people(id), position INTEGER NOT NULL, system TEXT NOT NULL,"
        " PRIMARY KEY (person, position)) STRICT, WITHOUT ROWID",
        "CREATE TABLE uses ("
        " person INTEGER NOT NULL REFERENCES people(id), system TEXT NOT NULL, count INTEGER NOT NULL,"
        " last_used_at INTEGER NOT NULL, PRIMARY KEY (person, system)) STRICT, WITHOUT ROWID",
        "CREATE TABLE preferences ("
        " person INTEGER PRIMARY KEY REFERENCES people(id), json TEXT NOT NULL) STRICT",
    }};

/// A raised level counts for a while only, so the session knows since when.
const Migration kSecondFactors{
    4,
    "second factors",
    {
        "CREATE TABLE second_factors ("
        " person INTEGER PRIMARY KEY REFERENCES people(id), name TEXT NOT NULL, created_at INTEGER NOT NULL,"
        " last_used_at INTEGER NOT NULL, last_step INTEGER NOT NULL) STRICT",
        "CREATE TABLE recovery_codes ("
        " person INTEGER NOT NULL REFERENCES second_factors(person), hash TEXT NOT NULL,"
        " PRIMARY KEY (person, hash)) STRICT, WITHOUT ROWID",
        "ALTER TABLE sessions ADD COLUMN assurance_at INTEGER NOT NULL DEFAULT 0",
    }};

/// Contracts outlive their people: persons are numbers without a reference.
const Migration kSharing{
    5,
    "sharing",
    {
        "CREATE TABLE shares ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, item TEXT NOT NULL, unit TEXT NOT NULL, requester INTEGER NOT NULL,"
        " purpose TEXT NOT NULL, legal_basis TEXT NOT NULL, terms TEXT NOT NULL, state TEXT NOT NULL,"
        " decided_by INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,"
        " created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, version INTEGER NOT NULL) STRICT",
        "CREATE TABLE share_events ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, share INTEGER NOT NULL REFERENCES shares(id), at INTEGER NOT NULL,"
        " actor INTEGER NOT NULL, action TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL) STRICT",
        "CREATE INDEX share_events_share ON share_events (share, id)",
        "CREATE TABLE share_tokens ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, share INTEGER NOT NULL REFERENCES shares(id), name TEXT NOT NULL,"
        " hash TEXT NOT NULL, issued_by INTEGER NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL,"
        " revoked_at INTEGER NOT NULL) STRICT",
        "CREATE INDEX share_tokens_share ON share_tokens (share, id)",
        "CREATE TABLE share_uses ("
        " share INTEGER NOT NULL REFERENCES shares(id), day INTEGER NOT NULL, calls INTEGER NOT NULL,"
        " rows INTEGER NOT NULL, PRIMARY KEY (share, day)) STRICT, WITHOUT ROWID",
        "CREATE TABLE share_pushes ("
        " share INTEGER PRIMARY KEY REFERENCES shares(id), endpoint TEXT NOT NULL, key_id INTEGER NOT NULL,"
        " generation INTEGER NOT NULL, position TEXT NOT NULL, acknowledged INTEGER NOT NULL, failures INTEGER NOT "
        "NULL,"
        " next_try INTEGER NOT NULL, paused INTEGER NOT NULL, last_error TEXT NOT NULL) STRICT",
        "CREATE TABLE share_deliveries ("
        " share INTEGER NOT NULL REFERENCES share_pushes(share), number INTEGER NOT NULL, rows INTEGER NOT NULL,"
        " attempts INTEGER NOT NULL, status INTEGER NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,"
        " acknowledged INTEGER NOT NULL, PRIMARY KEY (share, number)) STRICT, WITHOUT ROWID",
    }};

const Migration kAlerts{
    6,
    "alerts",
    {
        "CREATE TABLE alerts ("
        " id INTEGER PRIMARY KEY AUTOINCREMENT, check_name TEXT NOT NULL, subject TEXT NOT NULL, severity TEXT NOT "
        "NULL,"
        " message TEXT NOT NULL, evidence TEXT NOT NULL, opened_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,"
        " closed_at INTEGER NOT NULL, taken_by INTEGER NOT NULL, taken_at INTEGER NOT NULL, note TEXT NOT NULL) STRICT",
        "CREATE UNIQUE INDEX alerts_open ON alerts (check_name, subject) WHERE closed_at = 0",
        "CREATE TABLE check_runs ("
        " check_name TEXT PRIMARY KEY, at INTEGER NOT NULL, millis INTEGER NOT NULL, found INTEGER NOT NULL,"
        " opened INTEGER NOT NULL, closed INTEGER NOT NULL, error TEXT NOT NULL) STRICT, WITHOUT ROWID",
    }};

}  // namespace

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> kAll{kPeople, kSignIn, kLinks, kSecondFactors, kSharing, kAlerts};
    return kAll;
}

}  // namespace yimen::store::sqlite
