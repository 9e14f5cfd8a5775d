#include "audit/file_audit_log.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <filesystem>

#include "audit/recovery.h"
#include "audit/segment_writer.h"
#include "core/log.h"

namespace yimen::audit {

namespace {

core::Status makeDirectory(const std::string& directory) {
    std::error_code failure;
    const bool made = std::filesystem::create_directories(directory, failure);
    if (!failure && made) {
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failure);
    }
    if (failure) return core::fileError("cannot make", directory, failure.value());
    return made ? core::syncDirectory(core::parentDirectory(directory)) : core::Status();
}

core::Result<core::FileDescriptor> takeLock(const std::string& directory) {
    core::FileDescriptor lock(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock.valid()) return core::fileError("cannot open", directory, errno);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        return core::makeError(core::ErrorCode::kConflict,
                               "another process uses this data (its audit log is open): only one may write to it",
                               directory);
    }
    return lock;
}

AuditEvent ownEvent(std::string type, std::vector<std::pair<std::string, std::string>> fields = {}) {
    AuditEvent event;
    event.type = std::move(type);
    event.fields = std::move(fields);
    return event;
}

std::vector<AuditEvent> openingEvents(const Recovery& found) {
    std::vector<AuditEvent> events{ownEvent("audit.started")};
    if (found.tornBytes > 0) {
        events.push_back(ownEvent("audit.recovered", {{"torn_bytes", std::to_string(found.tornBytes)}}));
        core::logWarn("audit.recovered", {{"torn_bytes", static_cast<std::int64_t>(found.tornBytes)}});
    }
    if (!found.damage.empty()) {
        events.push_back(ownEvent("audit.damaged", {{"found", found.damage}}));
        events.back().result = AuditResult::kFailed;
        core::logError("audit.damaged", {{"found", found.damage}});
    }
    return events;
}

core::Status closed() {
    return core::makeError(core::ErrorCode::kUnavailable, "the audit log takes no more events now");
}

}  // namespace

struct FileAuditLog::Parts {
    Options options;
    core::FileDescriptor lock;
    std::unique_ptr<Disk> ownDisk;
    std::unique_ptr<SegmentWriter> writer;
};

FileAuditLog::FileAuditLog(Parts parts)
    : options_(std::move(parts.options)),
      lock_(std::move(parts.lock)),
      ownDisk_(std::move(parts.ownDisk)),
      writer_(std::move(parts.writer)) {}

core::Result<std::unique_ptr<FileAuditLog>> FileAuditLog::open(Options options,
                                                               const std::shared_ptr<const crypto::KeyRing>& ring,
                                                               const core::Clock& clock, Disk* disk) {
    if (options.keyed && ring == nullptr) {
        return core::makeError(core::ErrorCode::kInvalidInput, "a keyed audit log needs the key ring");
    }
    YIMEN_TRY_STATUS(makeDirectory(options.directory));
    YIMEN_TRY(auto lock, takeLock(options.directory));
    YIMEN_TRY(const auto found, recover(options.directory, ring.get()));
    auto ownDisk = disk == nullptr ? std::make_unique<Disk>() : nullptr;
    Disk& used = disk == nullptr ? *ownDisk : *disk;
    const SegmentKind kind{options.algorithm, options.keyed ? ring->activeId() : 0};
    auto writer = std::make_unique<SegmentWriter>(
        SegmentWriter::Options{options.directory, kind, options.segmentSize, options.minFree}, ring, clock, used);
    YIMEN_TRY_STATUS(writer->open(found));
    YIMEN_TRY_STATUS(writer->write(openingEvents(found)));
    auto log = std::make_unique<FileAuditLog>(
        Parts{std::move(options), std::move(lock), std::move(ownDisk), std::move(writer)});
    log->stats_.lastSeq = log->writer_->state().seq;
    log->thread_ = std::thread([raw = log.get()] { raw->run(); });
    return log;
}

FileAuditLog::~FileAuditLog() {
    {
        const std::lock_guard hold(mutex_);
        closing_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void FileAuditLog::append(AuditEvent event, Durable durable) {
    {
        std::unique_lock hold(mutex_);
        if (!closing_ && queue_.size() < options_.queue) {
            queue_.push_back({std::move(event), std::move(durable)});
            hold.unlock();
            wake_.notify_one();
            return;
        }
        ++stats_.refused;
    }
    durable(closed());
}

FileAuditLog::Stats FileAuditLog::stats() const {
    const std::lock_guard hold(mutex_);
    Stats out = stats_;
    out.waiting = queue_.size();
    return out;
}

bool FileAuditLog::takeBatch(std::vector<Waiting>& batch) {
    batch.clear();
    std::unique_lock hold(mutex_);
    wake_.wait(hold, [this] { return closing_ || !queue_.empty(); });
    while (!queue_.empty() && batch.size() < kMaxBatch) {
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return !batch.empty();
}

core::Status FileAuditLog::writeBatch(std::vector<Waiting>& batch) {
    std::vector<AuditEvent> events;
    events.reserve(batch.size());
    for (auto& waiting : batch) events.push_back(std::move(waiting.event));
    auto status = writer_->write(events);
    const std::lock_guard hold(mutex_);
    (status.ok() ? stats_.durable : stats_.failed) += batch.size();
    ++stats_.batches;
    stats_.lastSeq = writer_->state().seq;
    return status;
}

void FileAuditLog::run() noexcept {
    std::vector<Waiting> batch;
    while (takeBatch(batch)) {
        core::Status status = writeBatch(batch);
        if (!status.ok()) core::logError("audit.write.failed", {{"reason", status.error().describe()}});
        for (auto& waiting : batch) waiting.durable(status);
    }
    const AuditEvent last = ownEvent("audit.stopped");
    if (!writer_->write(std::span(&last, 1)).ok()) core::logError("audit.write.failed", {{"reason", "at the end"}});
    writer_->close();
}

}  // namespace yimen::audit
