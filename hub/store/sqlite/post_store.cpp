#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;

using Number = Poco::Int64;
using Text = std::string;

class SqlitePostStore final : public PostStore {
public:
    explicit SqlitePostStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<PostRecord> create(const PostRecord& post) override {
        PostRecord made = post;
        const Status done = database_->write("post.create", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "INSERT INTO posts (person, org, title, roles, valid_from, valid_to)"
                  " VALUES (?, ?, ?, ?, ?, ?) RETURNING id")
                .bind(post.person)
                .bind(post.org)
                .bind(post.title)
                .bind(post.roles)
                .bind(std::int64_t{post.validity.from})
                .bind(std::int64_t{post.validity.to})
                .template each<Number>([&](Number id) { made.id = id; });
            return Status{};
        });
        return resultOf(done, std::move(made));
    }

    Status update(const PostRecord& post) override {
        return database_->write("post.update", Durability::kDurable, [&](auto& session) -> Status {
            const std::size_t changed =
                Query(session, "UPDATE posts SET title = ?, roles = ?, valid_from = ?, valid_to = ? WHERE id = ?")
                    .bind(post.title)
                    .bind(post.roles)
                    .bind(std::int64_t{post.validity.from})
                    .bind(std::int64_t{post.validity.to})
                    .bind(post.id)
                    .run();
            if (changed != 1) return noSuchRow();
            return {};
        });
    }

    Result<std::vector<PostRecord>> all() override {
        std::vector<PostRecord> found;
        const Status done = database_->read("post.all", [&](auto& session) {
            Query query(session, "SELECT id, person, org, title, roles, valid_from, valid_to FROM posts ORDER BY id");
            query.each<Number, Number, Number, Text, Text, Number, Number>(
                [&](Number id, Number person, Number org, Text& title, Text& roles, Number from, Number to) {
                    found.push_back({id, person, org, title, roles, {static_cast<Day>(from), static_cast<Day>(to)}});
                });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<PostId> preferredPost(PersonId person) override {
        PostId found = 0;
        const Status done = database_->read("post.preferred", [&](auto& session) {
            Query(session, "SELECT post FROM preferred_posts WHERE person = ?")
                .bind(person)
                .template each<Number>([&](Number post) { found = post; });
            return Status{};
        });
        return resultOf(done, found);
    }

    Status setPreferredPost(PersonId person, PostId post) override {
        return database_->write("post.prefer", Durability::kRelaxed, [&](auto& session) {
            Query(session,
                  "INSERT INTO preferred_posts (person, post) VALUES (?, ?)"
                  " ON CONFLICT (person) DO UPDATE SET post = excluded.post")
                .bind(person)
                .bind(post)
                .run();
            return Status{};
        });
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<PostStore> makePostStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqlitePostStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
