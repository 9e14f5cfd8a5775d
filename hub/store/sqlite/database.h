#pragma once

#include <Poco/Data/Session.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "store/sqlite/sqlite_stores.h"

namespace yimen::store::sqlite {

/// Whether the answer waits for the disk.
enum class Durability { kDurable, kRelaxed };

/// The connections of one file: one writer that fsyncs every commit, one that leaves it to the next checkpoint, and a
/// pool of readers. Durable writes that wait at the same time share one commit and its fsync. Writers take turns under
/// a mutex, so that SQLite's sleeping busy handler only ever meets other processes. This is the seam to Poco: no
/// exception passes it. Thread-safe, blocking.
class Database final : public Transactor {
    struct Private {
        explicit Private() = default;
    };

public:
    /// For open() only.
    Database(Private, Options options) : options_(std::move(options)) {}
    using Session = Poco::Data::Session;
    using Work = std::function<core::Status(Session&)>;

    static core::Result<std::shared_ptr<Database>> open(const Options& options);
    ~Database() override;

    /// Runs `work` on a reader, or inside this thread's transaction. `name` stands in errors.
    core::Status read(const char* name, const Work& work);
    /// Runs `work` in a transaction of its own, or as a step of this thread's transaction; an error undoes it.
    core::Status write(const char* name, Durability durability, const Work& work);
    core::Status transaction(const std::function<core::Status()>& work) override;

private:
    struct Pending {
        const char* name = nullptr;
        const Work* work = nullptr;
        core::Status result;
        bool done = false;
    };
    core::Status connect();
    core::Status writeTogether(const char* name, const Work& work);
    void commitTogether(const std::vector<Pending*>& batch);
    std::unique_ptr<Session> makeSession(Durability durability) const;
    Session* borrowReader();
    void returnReader(Session* session);

    Options options_;
    std::mutex writing_;
    std::unique_ptr<Session> durable_;
    std::unique_ptr<Session> relaxed_;
    std::mutex queueing_;
    std::condition_variable committed_;
    std::vector<Pending*> queue_;
    bool committing_ = false;  ///< some thread works for all that queued before it began
    std::mutex pool_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Session>> readers_;
    std::vector<Session*> idle_;
};

}  // namespace yimen::store::sqlite
