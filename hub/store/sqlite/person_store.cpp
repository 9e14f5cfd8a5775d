#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;

#define PERSON_COLUMNS "id, username, username_key, name, phone, state, created_at, expires_at, version"

class SqlitePersonStore final : public PersonStore {
public:
    explicit SqlitePersonStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<PersonRecord> create(const PersonRecord& person) override {
        PersonRecord made = person;
        made.version = 1;
        const Status done = database_->write("person.create", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "INSERT INTO people (username, username_key, name, phone, state, created_at, expires_at, version)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, 1) RETURNING id")
                .bind(person.username)
                .bind(person.usernameKey)
                .bind(person.name)
                .bind(person.phone)
                .bind(static_cast<std::int64_t>(person.state))
                .bind(person.createdAt)
                .bind(person.expiresAt)
                .each<Poco::Int64>([&](Poco::Int64 id) { made.id = id; });
            return Status{};
        });
        return resultOf(done, std::move(made));
    }

    Result<std::optional<PersonRecord>> get(PersonId id) override {
        return one("person.get", [&](auto& session, auto take) {
            Query query(session, "SELECT " PERSON_COLUMNS " FROM people WHERE id = ?");
            fetch(query.bind(id), take);
        });
    }

    Result<std::optional<PersonRecord>> findByUsernameKey(const std::string& usernameKey) override {
        return one("person.find", [&](auto& session, auto take) {
            Query query(session, "SELECT " PERSON_COLUMNS " FROM people WHERE username_key = ?");
            fetch(query.bind(usernameKey), take);
        });
    }

    Result<std::vector<PersonRecord>> all() override {
        std::vector<PersonRecord> found;
        const Status done = database_->read("person.all", [&](auto& session) {
            Query query(session, "SELECT " PERSON_COLUMNS " FROM people ORDER BY id");
            fetch(query, [&](PersonRecord&& person) { found.push_back(std::move(person)); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<PersonRecord> update(const PersonRecord& person) override {
        PersonRecord made = person;
        made.version = person.version + 1;
        const Status done = database_->write("person.update", Durability::kDurable, [&](auto& session) -> Status {
            const std::size_t changed =
                Query(session,
                      "UPDATE people SET username = ?, username_key = ?, name = ?, phone = ?, state = ?,"
                      " expires_at = ?, version = version + 1 WHERE id = ? AND version = ?")
                    .bind(person.username)
                    .bind(person.usernameKey)
                    .bind(person.name)
                    .bind(person.phone)
                    .bind(static_cast<std::int64_t>(person.state))
                    .bind(person.expiresAt)
                    .bind(person.id)
                    .bind(person.version)
                    .run();
            if (changed != 1) return changedMeanwhile();
            return {};
        });
        return resultOf(done, std::move(made));
    }

private:
    template <typename Take>
    static void fetch(Query& query, Take take) {
        using Text = std::string;
        using Number = Poco::Int64;
        query.each<Number, Text, Text, Text, Text, Number, Number, Number, Number>(
            [&](Number id, Text& username, Text& key, Text& name, Text& phone, Number state, Number createdAt,
                Number expiresAt, Number version) {
                take(PersonRecord{id, username, key, name, phone, static_cast<PersonState>(state),
                                  core::fromUnixMicros(createdAt), core::fromUnixMicros(expiresAt), version});
            });
    }

    template <typename Look>
    Result<std::optional<PersonRecord>> one(const char* name, Look look) {
        std::optional<PersonRecord> found;
        const Status done = database_->read(name, [&](auto& session) {
            look(session, [&](PersonRecord&& person) { found = std::move(person); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    std::shared_ptr<Database> database_;
};

#undef PERSON_COLUMNS

}  // namespace

std::unique_ptr<PersonStore> makePersonStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqlitePersonStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
