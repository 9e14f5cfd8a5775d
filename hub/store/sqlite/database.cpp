#include "store/sqlite/database.h"

#include <Poco/Data/SQLite/Connector.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

#include "store/sqlite/guard.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

/// The transaction this thread is in, if any. A thread works in one at a time.
struct Current {
    const Database* database = nullptr;
    Poco::Data::Session* session = nullptr;
};
thread_local Current tCurrent;

core::Status command(Poco::Data::Session& session, const char* name, const char* sql) {
    return guarded(name, [&] {
        Query(session, sql).run();
        return core::Status{};
    });
}

/// ROLLBACK TO leaves the savepoint open, so a step takes two statements to be undone.
struct Bracket {
    const char* begin;
    const char* commit;
    std::array<const char*, 2> undo;
};
constexpr Bracket kTransaction{"BEGIN IMMEDIATE", "COMMIT", {"ROLLBACK", nullptr}};
constexpr Bracket kStep{"SAVEPOINT step", "RELEASE step", {"ROLLBACK TO step", "RELEASE step"}};

core::Status bracketed(Poco::Data::Session& session, const char* name, const Bracket& bracket,
                       const std::function<core::Status()>& work) {
    YIMEN_TRY_STATUS(command(session, name, bracket.begin));
    core::Status done = guarded(name, work);
    if (done.ok()) done = command(session, name, bracket.commit);
    if (done.ok()) return done;
    for (const char* sql : bracket.undo) {
        if (sql != nullptr) static_cast<void>(command(session, name, sql));
    }
    return done;
}

/// The file, its log and its index inherit this mode: names and password hashes are nobody else's business.
core::Status createPrivately(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return core::makeError(core::ErrorCode::kUnavailable,
                               "the data file cannot be opened; check that its folder exists and may be written");
    }
    ::close(file);
    return {};
}

}  // namespace

core::Result<std::shared_ptr<Database>> Database::open(const Options& options) {
    const auto database = std::make_shared<Database>(Private{}, options);
    YIMEN_TRY_STATUS(guarded("open", [&] { return database->connect(); }));
    return database;
}

std::unique_ptr<Database::Session> Database::makeSession(Durability durability) const {
    auto session = std::make_unique<Session>(Poco::Data::SQLite::Connector::KEY, options_.path);
    Query(*session, ("PRAGMA busy_timeout = " + std::to_string(options_.busyTimeoutMs)).c_str()).run();
    Query(*session, "PRAGMA journal_mode = WAL").run();
    Query(*session, "PRAGMA foreign_keys = ON").run();
    Query(*session, durability == Durability::kDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
        .run();
    return session;
}

core::Status Database::connect() {
    YIMEN_TRY_STATUS(createPrivately(options_.path));
    Poco::Data::SQLite::Connector::registerConnector();
    durable_ = makeSession(Durability::kDurable);
    YIMEN_TRY_STATUS(migrate(*durable_, migrations()));
    relaxed_ = makeSession(Durability::kRelaxed);
    for (int i = 0; i < options_.readers; ++i) {
        readers_.push_back(makeSession(Durability::kRelaxed));
        Query(*readers_.back(), "PRAGMA query_only = ON").run();
        idle_.push_back(readers_.back().get());
    }
    return {};
}

Database::~Database() {
    static_cast<void>(guarded("close", [this] {
        idle_.clear();
        readers_.clear();
        relaxed_.reset();
        durable_.reset();
        return core::Status{};
    }));
}

Database::Session* Database::borrowReader() {
    std::unique_lock lock(pool_);
    returned_.wait(lock, [this] { return !idle_.empty(); });
    Session* session = idle_.back();
    idle_.pop_back();
    return session;
}

void Database::returnReader(Session* session) {
    {
        const std::lock_guard lock(pool_);
        idle_.push_back(session);
    }
    returned_.notify_one();
}

core::Status Database::read(const char* name, const Work& work) {
    if (tCurrent.database == this) {
        Session& session = *tCurrent.session;
        return guarded(name, [&] { return work(session); });
    }
    Session* session = borrowReader();
    core::Status done = guarded(name, [&] { return work(*session); });
    returnReader(session);
    return done;
}

core::Status Database::write(const char* name, Durability durability, const Work& work) {
    if (tCurrent.database == this) {
        Session& session = *tCurrent.session;
        return bracketed(session, name, kStep, [&] { return work(session); });
    }
    if (durability == Durability::kDurable) return writeTogether(name, work);
    const std::lock_guard lock(writing_);
    return bracketed(*relaxed_, name, kTransaction, [&] { return work(*relaxed_); });
}

/// The first to come commits for everybody who queued until it began; who comes later waits for the next round.
core::Status Database::writeTogether(const char* name, const Work& work) {
    Pending mine{name, &work, {}, false};
    std::unique_lock lock(queueing_);
    queue_.push_back(&mine);
    committed_.wait(lock, [&] { return mine.done || !committing_; });
    if (mine.done) return mine.result;
    committing_ = true;
    const std::vector<Pending*> batch = std::exchange(queue_, {});
    lock.unlock();
    {
        const std::lock_guard turn(writing_);
        commitTogether(batch);
    }
    lock.lock();
    for (Pending* pending : batch) pending->done = true;
    committing_ = false;
    committed_.notify_all();
    return mine.result;
}

/// Each piece of work is a step of its own: one that breaks a rule undoes itself only. When the file fails, nobody's
/// work counts: SQLite may have given up the whole transaction by then.
void Database::commitTogether(const std::vector<Pending*>& batch) {
    Session& session = *durable_;
    const core::Status whole = bracketed(session, batch.front()->name, kTransaction, [&]() -> core::Status {
        for (Pending* pending : batch) {
            pending->result = bracketed(session, pending->name, kStep, [&] { return (*pending->work)(session); });
            if (pending->result.ok()) continue;
            const core::ErrorCode code = pending->result.error().code;
            const bool own = code == core::ErrorCode::kConflict || code == core::ErrorCode::kNotFound;
            if (!own) return pending->result;
        }
        return {};
    });
    if (whole.ok()) return;
    for (Pending* pending : batch) pending->result = whole;
}

core::Status Database::transaction(const std::function<core::Status()>& work) {
    if (tCurrent.database == this) return work();
    const std::lock_guard lock(writing_);
    const Current outer = std::exchange(tCurrent, Current{this, durable_.get()});
    core::Status done = bracketed(*durable_, "transaction", kTransaction, work);
    tCurrent = outer;
    return done;
}

}  // namespace yimen::store::sqlite
