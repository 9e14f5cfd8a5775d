#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;
using Number = Poco::Int64;
using Text = std::string;

class SqlitePreferenceStore final : public PreferenceStore {
public:
    explicit SqlitePreferenceStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<std::vector<std::string>> favourites(PersonId person) override {
        std::vector<std::string> found;
        const Status done = database_->read("preference.favourites", [&](auto& session) {
            Query(session, "SELECT system FROM favourites WHERE person = ? ORDER BY position")
                .bind(person)
                .template each<Text>([&](Text& system) { found.push_back(system); });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status setFavourites(PersonId person, const std::vector<std::string>& systems) override {
        return database_->write("preference.set_favourites", Durability::kRelaxed, [&](auto& session) {
            Query(session, "DELETE FROM favourites WHERE person = ?").bind(person).run();
            std::int64_t position = 0;
            for (const std::string& system : systems) {
                Query(session, "INSERT INTO favourites (person, position, system) VALUES (?, ?, ?)")
                    .bind(person)
                    .bind(position++)
                    .bind(system)
                    .run();
            }
            return Status{};
        });
    }

    Result<std::vector<SystemUse>> uses(PersonId person) override {
        std::vector<SystemUse> found;
        const Status done = database_->read("preference.uses", [&](auto& session) {
            Query(session,
                  "SELECT system, count, last_used_at FROM uses WHERE person = ?"
                  " ORDER BY last_used_at DESC, system")
                .bind(person)
                .template each<Text, Number, Number>([&](Text& system, Number count, Number last) {
                    found.push_back({system, count, core::fromUnixMicros(last)});
                });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status noteUse(PersonId person, const std::string& system, core::WallTime at) override {
        return database_->write("preference.note_use", Durability::kRelaxed, [&](auto& session) {
            Query(session,
                  "INSERT INTO uses (person, system, count, last_used_at) VALUES (?, ?, 1, ?)"
                  " ON CONFLICT (person, system) DO UPDATE SET count = count + 1,"
                  " last_used_at = max(last_used_at, excluded.last_used_at)")
                .bind(person)
                .bind(system)
                .bind(at)
                .run();
            return Status{};
        });
    }

    Result<std::string> preferences(PersonId person) override {
        std::string found = "{}";
        const Status done = database_->read("preference.get", [&](auto& session) {
            Query(session, "SELECT json FROM preferences WHERE person = ?")
                .bind(person)
                .template each<Text>([&](Text& json) { found = json; });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Status setPreferences(PersonId person, const std::string& json) override {
        return database_->write("preference.set", Durability::kRelaxed, [&](auto& session) {
            Query(session,
                  "INSERT INTO preferences (person, json) VALUES (?, ?)"
                  " ON CONFLICT (person) DO UPDATE SET json = excluded.json")
                .bind(person)
                .bind(json)
                .run();
            return Status{};
        });
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<PreferenceStore> makePreferenceStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqlitePreferenceStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
