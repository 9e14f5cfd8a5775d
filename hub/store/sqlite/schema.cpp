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

}  // namespace

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> kAll{kPeople, kSignIn, kLinks, kSecondFactors};
    return kAll;
}

}  // namespace yimen::store::sqlite
