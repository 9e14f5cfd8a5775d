#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "audit/audit_sink.h"
#include "audit/disk.h"
#include "core/clock.h"
#include "core/file.h"
#include "crypto/digest.h"
#include "crypto/key_ring.h"

namespace yimen::audit {

class SegmentWriter;

/// The audit log as hash-chained JSON lines in files that are only ever appended to. One writer thread takes all that
/// waits, writes it, syncs once, then calls back: many events share one disk sync. Thread-safe.
class FileAuditLog final : public AuditSink {
    struct Parts;  ///< what open() put together; makes the constructor its own

public:
    struct Options {
        std::string directory;
        crypto::DigestAlgorithm algorithm = crypto::DigestAlgorithm::kSm3;  ///< or kSha256
        bool keyed = true;                                                  ///< HMAC with the ring's active key
        std::uint64_t segmentSize = 64ULL * 1024 * 1024;
        std::size_t queue = 8192;                     ///< events waiting; above it append() fails at once
        std::uint64_t minFree = 64ULL * 1024 * 1024;  ///< free bytes below which append() fails
    };
    struct Stats {
        std::uint64_t lastSeq = 0;
        std::uint64_t durable = 0;  ///< events answered with success
        std::uint64_t batches = 0;  ///< disk syncs they took
        std::uint64_t failed = 0;   ///< events answered with an error by the disk
        std::uint64_t refused = 0;  ///< events answered with an error because the queue was full or closed
        std::uint64_t waiting = 0;
    };
    /// Events that share one sync at most.
    static constexpr std::size_t kMaxBatch = 2048;

    /// Makes the directory (0700), takes its lock, recovers (see recovery.h) and records audit.started, and
    /// audit.recovered or audit.damaged when there was something to recover. `clock` and `disk` must outlive the log;
    /// `disk` null: the real one. kConflict when another process writes there.
    static core::Result<std::unique_ptr<FileAuditLog>> open(Options options,
                                                            const std::shared_ptr<const crypto::KeyRing>& ring,
                                                            const core::Clock& clock, Disk* disk = nullptr);
    explicit FileAuditLog(Parts parts);
    /// Answers what waits, records audit.stopped, stops the thread.
    ~FileAuditLog() override;
    FileAuditLog(const FileAuditLog&) = delete;
    FileAuditLog& operator=(const FileAuditLog&) = delete;

    void append(AuditEvent event, Durable durable) override;
    Stats stats() const;

private:
    struct Waiting {
        AuditEvent event;
        Durable durable;
    };

    void run() noexcept;
    bool takeBatch(std::vector<Waiting>& batch);
    core::Status writeBatch(std::vector<Waiting>& batch);

    Options options_;
    core::FileDescriptor lock_;
    std::unique_ptr<Disk> ownDisk_;
    std::unique_ptr<SegmentWriter> writer_;  ///< writer thread only, once it runs

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Waiting> queue_;
    Stats stats_;
    bool closing_ = false;
    std::thread thread_;
};

}  // namespace yimen::audit
